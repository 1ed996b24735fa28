//! Elements of the BPMN 2.0 schema with their attributes and content.
//!
//! Written as words: `*` after a word means required, a word that begins with `$` stands for a
//! group. The order of elements is not judged, as many modellers do not keep it. What has a rule of
//! its own (a default flow of a parallel gateway) is let through here.

/// An element: name, attributes, elements inside.
pub(super) type Row = (&'static str, &'static str, &'static str);

/// Groups of words. A group may hold other groups.
pub(super) const GROUPS: &[(&str, &str)] = &[
    ("$base", "documentation extensionElements"),
    ("$flow", "$base auditing monitoring categoryValueRef"),
    ("$node", "$flow incoming outgoing"),
    ("$roles", "resourceRole performer humanPerformer potentialOwner"),
    ("$loop", "loopCharacteristics standardLoopCharacteristics multiInstanceLoopCharacteristics"),
    (
        "$activity",
        "$node ioSpecification property dataInputAssociation dataOutputAssociation $roles $loop",
    ),
    ("$activityAttributes", "id name isForCompensation startQuantity completionQuantity default"),
    (
        "$definitions",
        "cancelEventDefinition compensateEventDefinition conditionalEventDefinition \
         errorEventDefinition escalationEventDefinition linkEventDefinition messageEventDefinition \
         signalEventDefinition terminateEventDefinition timerEventDefinition eventDefinition",
    ),
    (
        "$catch",
        "$node property dataOutput dataOutputAssociation outputSet $definitions eventDefinitionRef",
    ),
    (
        "$throw",
        "$node property dataInput dataInputAssociation inputSet $definitions eventDefinitionRef",
    ),
    (
        "$tasks",
        "task userTask serviceTask sendTask receiveTask manualTask scriptTask businessRuleTask",
    ),
    (
        "$flowElements",
        "$tasks callActivity subProcess adHocSubProcess transaction exclusiveGateway \
         parallelGateway inclusiveGateway complexGateway eventBasedGateway startEvent endEvent \
         intermediateCatchEvent intermediateThrowEvent boundaryEvent implicitThrowEvent event \
         sequenceFlow dataObject dataObjectReference dataStoreReference choreographyTask \
         subChoreography callChoreography flowElement",
    ),
    ("$role", "$base resourceRef resourceParameterBinding resourceAssignmentExpression"),
    ("$expressionAttributes", "id language evaluatesToTypeRef"),
    ("$artefacts", "association group textAnnotation artifact"),
    ("$callable", "supportedInterfaceRef ioSpecification ioBinding"),
    (
        "$collaboration",
        "$base participant messageFlow $artefacts conversationNode conversation \
         callConversation subConversation conversationAssociation participantAssociation \
         messageFlowAssociation correlationKey choreographyRef conversationLink",
    ),
    ("$conversation", "$base participantRef messageFlowRef correlationKey"),
    ("$choreography", "$node participantRef* correlationKey"),
    (
        "$rootElements",
        "$definitions category collaboration globalConversation choreography \
         globalChoreographyTask correlationProperty dataStore endPoint error escalation \
         globalBusinessRuleTask globalManualTask globalScriptTask globalTask globalUserTask \
         interface itemDefinition message partnerEntity partnerRole process resource signal",
    ),
];

/// The elements. Content `#` is free text with any markup, `=` is a reference without elements.
pub(super) const ROWS: &[Row] = &[
    (
        "definitions",
        "id name targetNamespace* expressionLanguage typeLanguage exporter exporterVersion",
        "$rootElements import extension relationship",
    ),
    ("import", "namespace* location* importType*", ""),
    ("extension", "definition mustUnderstand", "documentation"),
    ("relationship", "id type* direction", "$base source* target*"),
    // Processes.
    (
        "process",
        "id name processType isClosed isExecutable definitionalCollaborationRef",
        "$base $callable auditing monitoring property laneSet $flowElements $artefacts $roles \
         correlationSubscription supports",
    ),
    ("laneSet", "id name", "$base lane"),
    ("lane", "id name partitionElementRef", "$base partitionElement flowNodeRef childLaneSet"),
    ("childLaneSet", "id name", "$base lane"),
    ("auditing", "id", "$base"),
    ("monitoring", "id", "$base"),
    ("correlationSubscription", "id correlationKeyRef*", "$base correlationPropertyBinding"),
    ("correlationPropertyBinding", "id correlationPropertyRef*", "$base dataPath*"),
    // Activities.
    ("task", "$activityAttributes", "$activity"),
    ("userTask", "$activityAttributes implementation", "$activity rendering"),
    ("serviceTask", "$activityAttributes implementation operationRef", "$activity"),
    ("sendTask", "$activityAttributes implementation messageRef operationRef", "$activity"),
    (
        "receiveTask",
        "$activityAttributes implementation instantiate messageRef operationRef",
        "$activity",
    ),
    ("manualTask", "$activityAttributes", "$activity"),
    ("scriptTask", "$activityAttributes scriptFormat", "$activity script"),
    ("businessRuleTask", "$activityAttributes implementation", "$activity"),
    ("callActivity", "$activityAttributes calledElement", "$activity"),
    (
        "subProcess",
        "$activityAttributes triggeredByEvent",
        "$activity laneSet $flowElements $artefacts",
    ),
    (
        "transaction",
        "$activityAttributes triggeredByEvent method",
        "$activity laneSet $flowElements $artefacts",
    ),
    (
        "adHocSubProcess",
        "$activityAttributes triggeredByEvent cancelRemainingInstances ordering",
        "$activity laneSet $flowElements $artefacts completionCondition",
    ),
    ("rendering", "id", "$base"),
    ("script", "", "#"),
    ("resourceRole", "id name", "$role"),
    ("performer", "id name", "$role"),
    ("humanPerformer", "id name", "$role"),
    ("potentialOwner", "id name", "$role"),
    ("resourceParameterBinding", "id parameterRef*", "$base expression formalExpression"),
    ("resourceAssignmentExpression", "id", "$base expression formalExpression"),
    ("standardLoopCharacteristics", "id testBefore loopMaximum", "$base loopCondition"),
    (
        "multiInstanceLoopCharacteristics",
        "id isSequential behavior oneBehaviorEventRef noneBehaviorEventRef",
        "$base loopCardinality loopDataInputRef loopDataOutputRef inputDataItem outputDataItem \
         complexBehaviorDefinition completionCondition",
    ),
    ("complexBehaviorDefinition", "id", "$base condition* event"),
    ("event", "id name", "$throw"),
    // Events.
    ("startEvent", "id name parallelMultiple isInterrupting", "$catch"),
    ("intermediateCatchEvent", "id name parallelMultiple", "$catch"),
    ("boundaryEvent", "id name parallelMultiple cancelActivity attachedToRef*", "$catch"),
    ("endEvent", "id name", "$throw"),
    ("intermediateThrowEvent", "id name", "$throw"),
    ("implicitThrowEvent", "id name", "$throw"),
    ("cancelEventDefinition", "id", "$base"),
    ("compensateEventDefinition", "id waitForCompletion activityRef", "$base"),
    ("conditionalEventDefinition", "id", "$base condition*"),
    ("errorEventDefinition", "id errorRef", "$base"),
    ("escalationEventDefinition", "id escalationRef", "$base"),
    ("linkEventDefinition", "id name", "$base source target"),
    ("messageEventDefinition", "id messageRef", "$base operationRef"),
    ("signalEventDefinition", "id signalRef", "$base"),
    ("terminateEventDefinition", "id", "$base"),
    ("timerEventDefinition", "id", "$base timeDate timeDuration timeCycle"),
    // Gateways and flows.
    ("exclusiveGateway", "id name gatewayDirection default", "$node"),
    ("inclusiveGateway", "id name gatewayDirection default", "$node"),
    ("parallelGateway", "id name gatewayDirection default", "$node"),
    ("complexGateway", "id name gatewayDirection default", "$node activationCondition"),
    ("eventBasedGateway", "id name gatewayDirection instantiate eventGatewayType default", "$node"),
    ("sequenceFlow", "id name sourceRef targetRef isImmediate", "$flow conditionExpression"),
    // Data.
    ("dataObject", "id name itemSubjectRef isCollection", "$flow dataState"),
    ("dataObjectReference", "id name itemSubjectRef dataObjectRef", "$flow dataState"),
    ("dataStoreReference", "id name itemSubjectRef dataStoreRef", "$flow dataState"),
    ("dataStore", "id name capacity isUnlimited itemSubjectRef", "$base dataState"),
    ("dataState", "id name", "$base"),
    ("property", "id name itemSubjectRef", "$base dataState"),
    ("ioSpecification", "id", "$base dataInput dataOutput inputSet* outputSet*"),
    ("ioBinding", "id operationRef* inputDataRef* outputDataRef*", "$base"),
    ("dataInput", "id name itemSubjectRef isCollection", "$base dataState"),
    ("dataOutput", "id name itemSubjectRef isCollection", "$base dataState"),
    ("inputDataItem", "id name itemSubjectRef isCollection", "$base dataState"),
    ("outputDataItem", "id name itemSubjectRef isCollection", "$base dataState"),
    (
        "inputSet",
        "id name",
        "$base dataInputRefs optionalInputRefs whileExecutingInputRefs outputSetRefs",
    ),
    (
        "outputSet",
        "id name",
        "$base dataOutputRefs optionalOutputRefs whileExecutingOutputRefs inputSetRefs",
    ),
    ("dataInputAssociation", "id", "$base sourceRef targetRef* transformation assignment"),
    ("dataOutputAssociation", "id", "$base sourceRef targetRef* transformation assignment"),
    ("assignment", "id", "$base from* to*"),
    // Artefacts.
    ("association", "id sourceRef targetRef associationDirection", "$base"),
    ("group", "id categoryValueRef", "$base"),
    ("textAnnotation", "id textFormat", "$base text"),
    ("category", "id name", "$base categoryValue"),
    ("categoryValue", "id value", "$base"),
    // Collaborations.
    ("collaboration", "id name isClosed", "$collaboration"),
    ("globalConversation", "id name isClosed", "$collaboration"),
    ("choreography", "id name isClosed", "$collaboration $flowElements"),
    ("participant", "id name processRef", "$base interfaceRef endPointRef participantMultiplicity"),
    ("participantMultiplicity", "id minimum maximum", "$base"),
    ("messageFlow", "id name sourceRef targetRef messageRef", "$base"),
    ("participantAssociation", "id", "$base innerParticipantRef* outerParticipantRef*"),
    ("messageFlowAssociation", "id innerMessageFlowRef* outerMessageFlowRef*", "$base"),
    ("correlationKey", "id name", "$base correlationPropertyRef"),
    // Declarations.
    ("message", "id name itemRef", "$base"),
    ("signal", "id name structureRef", "$base"),
    ("error", "id name errorCode structureRef", "$base"),
    ("escalation", "id name escalationCode structureRef", "$base"),
    ("itemDefinition", "id structureRef isCollection itemKind", "$base"),
    ("interface", "id name* implementationRef", "$base operation*"),
    ("operation", "id name* implementationRef", "$base inMessageRef* outMessageRef errorRef"),
    ("resource", "id name*", "$base resourceParameter"),
    ("resourceParameter", "id name type isRequired", "$base"),
    // Text and expressions.
    ("documentation", "id textFormat", "#"),
    ("extensionElements", "", "#"),
    ("text", "", "#"),
    ("conditionExpression", "$expressionAttributes", "#"),
    ("expression", "$expressionAttributes", "#"),
    ("formalExpression", "$expressionAttributes", "#"),
    ("condition", "$expressionAttributes", "#"),
    ("activationCondition", "$expressionAttributes", "#"),
    ("completionCondition", "$expressionAttributes", "#"),
    ("loopCondition", "$expressionAttributes", "#"),
    ("loopCardinality", "$expressionAttributes", "#"),
    ("timeDate", "$expressionAttributes", "#"),
    ("timeDuration", "$expressionAttributes", "#"),
    ("timeCycle", "$expressionAttributes", "#"),
    ("transformation", "$expressionAttributes", "#"),
    ("from", "$expressionAttributes", "#"),
    ("to", "$expressionAttributes", "#"),
    ("dataPath", "$expressionAttributes", "#"),
    ("messagePath", "$expressionAttributes", "#"),
    // References.
    ("incoming", "", "="),
    ("outgoing", "", "="),
    ("flowNodeRef", "", "="),
    ("sourceRef", "", "="),
    ("targetRef", "", "="),
    ("eventDefinitionRef", "", "="),
    ("operationRef", "", "="),
    ("inMessageRef", "", "="),
    ("outMessageRef", "", "="),
    ("interfaceRef", "", "="),
    ("dataInputRefs", "", "="),
    ("dataOutputRefs", "", "="),
];

/// Attributes that are `true` or `false`.
pub(super) const BOOLEANS: &[&str] = &[
    "cancelActivity",
    "cancelRemainingInstances",
    "instantiate",
    "isClosed",
    "isCollection",
    "isExecutable",
    "isForCompensation",
    "isImmediate",
    "isInterrupting",
    "isSequential",
    "isUnlimited",
    "mustUnderstand",
    "parallelMultiple",
    "testBefore",
    "triggeredByEvent",
    "waitForCompletion",
];

/// Attributes with a closed list of values.
pub(super) const VALUES: &[(&str, &str)] = &[
    ("gatewayDirection", "Unspecified Converging Diverging Mixed"),
    ("eventGatewayType", "Exclusive Parallel"),
    ("associationDirection", "None One Both"),
    ("behavior", "None One All Complex"),
    ("ordering", "Parallel Sequential"),
    ("processType", "None Public Private executable non-executable"),
    ("itemKind", "Information Physical"),
];

/// Elements that stand at most once in the element around them.
pub(super) const ONCE: &[&str] = &[
    "activationCondition",
    "childLaneSet",
    "completionCondition",
    "condition",
    "conditionExpression",
    "extensionElements",
    "ioSpecification",
    "loopCardinality",
    "loopCondition",
    "loopDataInputRef",
    "loopDataOutputRef",
    "multiInstanceLoopCharacteristics",
    "participantMultiplicity",
    "script",
    "standardLoopCharacteristics",
    "transformation",
];
