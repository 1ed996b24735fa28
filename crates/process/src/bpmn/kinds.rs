//! The kinds of flow nodes and of triggers that BPMN knows.

/// The kind of a flow node.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names are those of BPMN")]
pub enum Kind {
    Task,
    UserTask,
    ServiceTask,
    SendTask,
    ReceiveTask,
    ManualTask,
    ScriptTask,
    BusinessRuleTask,
    CallActivity,
    SubProcess,
    AdHocSubProcess,
    Transaction,
    ExclusiveGateway,
    ParallelGateway,
    InclusiveGateway,
    ComplexGateway,
    EventBasedGateway,
    StartEvent,
    EndEvent,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    BoundaryEvent,
    ImplicitThrowEvent,
    /// `choreographyTask`, `subChoreography` or `callChoreography` inside a process.
    Choreography,
}

const KINDS: &[(&str, Kind)] = &[
    ("task", Kind::Task),
    ("userTask", Kind::UserTask),
    ("serviceTask", Kind::ServiceTask),
    ("sendTask", Kind::SendTask),
    ("receiveTask", Kind::ReceiveTask),
    ("manualTask", Kind::ManualTask),
    ("scriptTask", Kind::ScriptTask),
    ("businessRuleTask", Kind::BusinessRuleTask),
    ("callActivity", Kind::CallActivity),
    ("subProcess", Kind::SubProcess),
    ("adHocSubProcess", Kind::AdHocSubProcess),
    ("transaction", Kind::Transaction),
    ("exclusiveGateway", Kind::ExclusiveGateway),
    ("parallelGateway", Kind::ParallelGateway),
    ("inclusiveGateway", Kind::InclusiveGateway),
    ("complexGateway", Kind::ComplexGateway),
    ("eventBasedGateway", Kind::EventBasedGateway),
    ("startEvent", Kind::StartEvent),
    ("endEvent", Kind::EndEvent),
    ("intermediateCatchEvent", Kind::IntermediateCatchEvent),
    ("intermediateThrowEvent", Kind::IntermediateThrowEvent),
    ("boundaryEvent", Kind::BoundaryEvent),
    ("implicitThrowEvent", Kind::ImplicitThrowEvent),
    ("choreographyTask", Kind::Choreography),
    ("subChoreography", Kind::Choreography),
    ("callChoreography", Kind::Choreography),
];

impl Kind {
    /// The kind of a BPMN element, if it is a flow node.
    #[must_use]
    pub fn of(local: &str) -> Option<Self> {
        KINDS.iter().find(|(name, _)| *name == local).map(|(_, kind)| *kind)
    }

    /// Tasks, sub-processes and call activities.
    #[must_use]
    pub fn is_activity(self) -> bool {
        self.is_task() || self.is_sub_process() || self == Self::CallActivity
    }

    /// Tasks of every type.
    #[must_use]
    pub fn is_task(self) -> bool {
        matches!(
            self,
            Self::Task
                | Self::UserTask
                | Self::ServiceTask
                | Self::SendTask
                | Self::ReceiveTask
                | Self::ManualTask
                | Self::ScriptTask
                | Self::BusinessRuleTask
        )
    }

    /// Activities that hold flow nodes of their own.
    #[must_use]
    pub fn is_sub_process(self) -> bool {
        matches!(self, Self::SubProcess | Self::AdHocSubProcess | Self::Transaction)
    }

    /// Gateways.
    #[must_use]
    pub fn is_gateway(self) -> bool {
        matches!(
            self,
            Self::ExclusiveGateway
                | Self::ParallelGateway
                | Self::InclusiveGateway
                | Self::ComplexGateway
                | Self::EventBasedGateway
        )
    }

    /// Events.
    #[must_use]
    pub fn is_event(self) -> bool {
        self.catches() || self.throws()
    }

    /// Events that wait for their trigger.
    #[must_use]
    pub fn catches(self) -> bool {
        matches!(self, Self::StartEvent | Self::IntermediateCatchEvent | Self::BoundaryEvent)
    }

    /// Events that set off their trigger.
    #[must_use]
    pub fn throws(self) -> bool {
        matches!(self, Self::EndEvent | Self::IntermediateThrowEvent | Self::ImplicitThrowEvent)
    }
}

/// What an event waits for or sets off.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[expect(missing_docs, reason = "the names are those of BPMN")]
pub enum Trigger {
    Cancel,
    Compensate,
    Conditional,
    Error,
    Escalation,
    Link,
    Message,
    Signal,
    Terminate,
    Timer,
}

const TRIGGERS: &[(&str, Trigger)] = &[
    ("cancel", Trigger::Cancel),
    ("compensate", Trigger::Compensate),
    ("conditional", Trigger::Conditional),
    ("error", Trigger::Error),
    ("escalation", Trigger::Escalation),
    ("link", Trigger::Link),
    ("message", Trigger::Message),
    ("signal", Trigger::Signal),
    ("terminate", Trigger::Terminate),
    ("timer", Trigger::Timer),
];

impl Trigger {
    /// The trigger of an element such as `timerEventDefinition`.
    #[must_use]
    pub fn of(local: &str) -> Option<Self> {
        let name = local.strip_suffix("EventDefinition")?;
        TRIGGERS.iter().find(|(known, _)| *known == name).map(|(_, trigger)| *trigger)
    }

    /// Its name, as in `timerEventDefinition` without the ending.
    #[must_use]
    pub fn name(self) -> &'static str {
        TRIGGERS.iter().find(|(_, trigger)| *trigger == self).map_or("", |(name, _)| name)
    }
}
