//! What the attributes and elements of other engines mean to us.

/// Namespaces of other engines with their usual prefixes.
const VENDORS: &[(&str, &str)] = &[
    ("http://camunda.org/schema/1.0/bpmn", "camunda"),
    ("http://camunda.org/schema/zeebe/1.0", "zeebe"),
    ("http://flowable.org/bpmn", "flowable"),
    ("http://activiti.org/bpmn", "activiti"),
    ("http://operaton.org/schema/1.0/bpmn", "operaton"),
];

/// The usual prefix of a vendor's namespace.
pub(super) fn prefix(namespace: &str) -> Option<&'static str> {
    VENDORS.iter().find(|(known, _)| *known == namespace).map(|(_, prefix)| *prefix)
}

/// What something means to us.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meaning {
    /// The topic of a job: `mc:job` and `mc:wait`.
    Job,
    /// A key of ours: this attribute of `mc:`.
    Key(&'static str),
    /// A name that is kept as it is written: this attribute of `mc:`.
    Name(&'static str),
    /// A duration: `mc:limit`.
    Limit,
    /// An attribute of BPMN.
    Plain(&'static str),
    /// Groups of candidates: the role of the lane.
    Group,
    /// Executed as it is written.
    Kept,
    /// Means nothing here.
    Ignored,
    /// Means something that nothing here does.
    Unknown,
}

/// What a vendor's attribute on a BPMN element means.
pub(super) fn meaning_of_attribute(element: &str, attribute: &str) -> Meaning {
    match (element, attribute) {
        ("serviceTask" | "sendTask" | "businessRuleTask", "topic") => Meaning::Job,
        ("userTask", "formKey" | "formRef") => Meaning::Key("kind"),
        ("userTask", "dueDate") => Meaning::Limit,
        ("userTask", "candidateGroups") => Meaning::Group,
        ("businessRuleTask", "decisionRef") => Meaning::Name("decision"),
        ("scriptTask" | "businessRuleTask", "resultVariable") => Meaning::Name("result"),
        ("multiInstanceLoopCharacteristics", "collection" | "elementVariable") => Meaning::Kept,
        // `external` only says that the topic counts.
        ("serviceTask" | "sendTask" | "businessRuleTask", "type") => Meaning::Ignored,
        (
            _,
            "asyncBefore"
            | "asyncAfter"
            | "async"
            | "exclusive"
            | "jobPriority"
            | "taskPriority"
            | "priority"
            | "historyTimeToLive"
            | "isStartableInTasklist"
            | "versionTag"
            | "candidateStarterGroups"
            | "candidateStarterUsers"
            | "followUpDate"
            | "errorCodeVariable"
            | "errorMessageVariable"
            | "modelerTemplate"
            | "modelerTemplateVersion"
            | "modelerTemplateIcon"
            | "formFieldValidation"
            | "initiator"
            | "diagramRelationId",
        ) => Meaning::Ignored,
        _ => Meaning::Unknown,
    }
}

/// What the attributes of a vendor's extension element mean; nothing for an unknown element.
pub(super) fn meaning_of_element(element: &str) -> &'static [(&'static str, Meaning)] {
    match element {
        "taskDefinition" => &[("type", Meaning::Job), ("retries", Meaning::Ignored)],
        "formDefinition" => &[
            ("formKey", Meaning::Key("kind")),
            ("formId", Meaning::Key("kind")),
            ("externalReference", Meaning::Key("kind")),
        ],
        "assignmentDefinition" => &[
            ("assignee", Meaning::Unknown),
            ("candidateGroups", Meaning::Group),
            ("candidateUsers", Meaning::Unknown),
        ],
        "taskSchedule" => &[("dueDate", Meaning::Limit), ("followUpDate", Meaning::Ignored)],
        "calledDecision" => &[
            ("decisionId", Meaning::Name("decision")),
            ("resultVariable", Meaning::Name("result")),
        ],
        "calledElement" => &[
            ("processId", Meaning::Plain("calledElement")),
            ("propagateAllChildVariables", Meaning::Ignored),
        ],
        "loopCharacteristics" => &[
            ("inputCollection", Meaning::Kept),
            ("inputElement", Meaning::Kept),
            ("outputCollection", Meaning::Unknown),
            ("outputElement", Meaning::Unknown),
        ],
        "userTask"
        | "properties"
        | "versionTag"
        | "jobPriorityDefinition"
        | "priorityDefinition" => &[("priority", Meaning::Ignored)],
        _ => &[],
    }
}
