//! The seed files that are built into the program. A test compares the list with the folders.

macro_rules! files {
    ($($path:literal from $at:literal,)*) => {
        &[$(($path, include_str!(concat!("../../../../", $at)))),*]
    };
}

/// Path inside the seeds and text, in order of path.
pub(crate) const EMBEDDED: &[(&str, &str)] = files![
    "an-giang-2025/units.csv" from "seeds/an-giang-2025/units.csv",
    "calendar/holidays.csv" from "seeds/calendar/holidays.csv",
    "demo/delegations.csv" from "seeds/demo/delegations.csv",
    "demo/names.csv" from "seeds/demo/names.csv",
    "demo/people.csv" from "seeds/demo/people.csv",
    "kien-giang-2019/units.csv" from "seeds/kien-giang-2019/units.csv",
    "posts.csv" from "seeds/posts.csv",
    "procedures/fees.csv" from "seeds/procedures/fees.csv",
    "procedures/forms/dat-dai.toml" from "seeds/procedures/forms/dat-dai.toml",
    "procedures/forms/generic.toml" from "seeds/procedures/forms/generic.toml",
    "procedures/forms/ho-kinh-doanh.toml" from "seeds/procedures/forms/ho-kinh-doanh.toml",
    "procedures/forms/ket-hon.toml" from "seeds/procedures/forms/ket-hon.toml",
    "procedures/forms/khai-sinh.toml" from "seeds/procedures/forms/khai-sinh.toml",
    "procedures/forms/khai-tu.toml" from "seeds/procedures/forms/khai-tu.toml",
    "procedures/forms/xac-nhan-hon-nhan.toml" from "seeds/procedures/forms/xac-nhan-hon-nhan.toml",
    "procedures/papers.csv" from "seeds/procedures/papers.csv",
    "procedures/procedures.csv" from "seeds/procedures/procedures.csv",
    "processes/appraisal.bpmn" from "procedures/processes/appraisal.bpmn",
    "processes/consultation.bpmn" from "procedures/processes/consultation.bpmn",
    "processes/counter.bpmn" from "procedures/processes/counter.bpmn",
    "processes/field_check.bpmn" from "procedures/processes/field_check.bpmn",
    "processes/financial_duty.bpmn" from "procedures/processes/financial_duty.bpmn",
    "processes/interlinked_up.bpmn" from "procedures/processes/interlinked_up.bpmn",
    "processes/opinion.bpmn" from "procedures/processes/opinion.bpmn",
    "profiles.toml" from "seeds/profiles.toml",
    "succession.csv" from "seeds/succession.csv",
];
