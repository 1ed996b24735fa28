//! Processes of the wider profile, one per construct, small enough that every state of them can be
//! visited.

/// A file of one process in which a case officer does everything; the lane holds `lane`.
fn file(id: &str, roots: &str, lane: &str, body: &str) -> String {
    let held: String =
        lane.split_whitespace().map(|id| format!("<flowNodeRef>{id}</flowNodeRef>")).collect();
    format!(
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
         xmlns:mc=\"http://motcua.vn/bpmn/1\" targetNamespace=\"t\">{roots}<process id=\"{id}\">\
         <laneSet id=\"ls\"><lane id=\"l1\" name=\"A\" mc:role=\"case_officer\" \
         mc:unit=\"deciding\">{held}</lane></laneSet>{body}</process></definitions>"
    )
}

/// Nodes from `kind:id` pairs: s start, e end, t user task, m manual task, x exclusive gateway.
fn nodes(list: &str) -> String {
    let line = |word: &str| {
        let (kind, id) = word.split_once(':').unwrap();
        let local = match kind {
            "s" => "startEvent",
            "e" => "endEvent",
            "m" => "manualTask",
            "x" => "exclusiveGateway",
            _ => return task(id, "done", ""),
        };
        format!("<{local} id=\"{id}\"/>")
    };
    list.split_whitespace().map(line).collect()
}

fn task(id: &str, outcomes: &str, inside: &str) -> String {
    format!("<userTask id=\"{id}\" name=\"{id}\" mc:outcomes=\"{outcomes}\">{inside}</userTask>")
}

/// Flows `a>b`; `a?b` is taken on the outcome `approve`, `a!b` on `duty`.
fn flows(list: &str) -> String {
    let line = |pair: &str| {
        let (from, to) = pair.split_once(['>', '?', '!']).unwrap();
        let when = |outcome: &str| {
            format!("<conditionExpression>outcome = \"{outcome}\"</conditionExpression>")
        };
        let condition = match pair {
            _ if pair.contains('?') => when("approve"),
            _ if pair.contains('!') => when("duty"),
            _ => String::new(),
        };
        format!(
            "<sequenceFlow id=\"{from}-{to}\" sourceRef=\"{from}\" targetRef=\"{to}\">\
             {condition}</sequenceFlow>"
        )
    };
    list.split_whitespace().map(line).collect()
}

fn event(kind: &str, id: &str, more: &str, definition: &str) -> String {
    format!("<{kind} id=\"{id}\" name=\"{id}\" {more}>{definition}</{kind}>")
}

fn edge(id: &str, on: &str, cancels: bool, definition: &str) -> String {
    let more = format!("attachedToRef=\"{on}\" cancelActivity=\"{cancels}\"");
    event("boundaryEvent", id, &more, definition)
}

/// An event sub-process with one task and an end.
fn handler(id: &str, interrupts: bool, definition: &str) -> String {
    let start = event(
        "startEvent",
        &format!("{id}_s"),
        &format!("isInterrupting=\"{interrupts}\""),
        definition,
    );
    let (task, end) = (format!("{id}_t"), format!("{id}_e"));
    format!(
        "<subProcess id=\"{id}\" name=\"{id}\" triggeredByEvent=\"true\">{start}{}{}</subProcess>",
        nodes(&format!("t:{task} e:{end}")),
        flows(&format!("{id}_s>{task} {task}>{end}")),
    )
}

const COMPENSATE: &str = "<compensateEventDefinition/>";
const ROOTS: &str = "<message id=\"M\" name=\"letter\"/><signal id=\"S\" name=\"order\"/>\
                     <error id=\"E\" errorCode=\"bad\"/>\
                     <escalation id=\"L\" escalationCode=\"late\"/>";

fn timer(text: &str) -> String {
    format!("<timerEventDefinition><timeDuration>{text}</timeDuration></timerEventDefinition>")
}

fn condition(text: &str) -> String {
    format!(
        "<conditionalEventDefinition><condition>{text}</condition></conditionalEventDefinition>"
    )
}

/// A task done twice, work by hand twice, a script three times, a part for each of two.
fn again() -> String {
    let twice = "<standardLoopCharacteristics loopMaximum=\"2\"/>";
    let two = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>\
               </multiInstanceLoopCharacteristics>";
    let body = nodes("s:s e:e")
        + &task("fill", "done", twice)
        + &format!("<manualTask id=\"hand\">{twice}</manualTask>")
        + "<scriptTask id=\"count\" mc:result=\"n\">\
           <standardLoopCharacteristics loopMaximum=\"3\"/>\
           <script>if n = null then 1 else n + 1</script></scriptTask>"
        + &format!(
            "<subProcess id=\"each\">{}{}{two}</subProcess>",
            nodes("s:s1 t:look e:e1"),
            flows("s1>look look>e1")
        )
        + &flows("s>fill fill>hand hand>count count>each each>e");
    file("again", "", "s fill hand count each e", &body)
}

/// What was booked by a person and noted by a script is undone by a throw or at an end; a part says
/// itself how it is undone.
fn undo() -> String {
    let part = nodes("s:s1 t:inner e:e1")
        + &flows("s1>inner inner>e1")
        + &handler("whole", true, COMPENSATE);
    let body = nodes("s:s x:x t:after e:e1x e:e2")
        + &task("book", "done", "")
        + &task("unbook", "done", "")
            .replace("<userTask ", "<userTask isForCompensation=\"true\" ")
        + &edge("cb", "book", true, COMPENSATE)
        + "<scriptTask id=\"log\" mc:result=\"logged\"><script>true</script></scriptTask>"
        + "<scriptTask id=\"unlog\" mc:result=\"logged\" isForCompensation=\"true\">\
           <script>false</script></scriptTask>"
        + &edge("cl", "log", true, COMPENSATE)
        + "<association id=\"a1\" sourceRef=\"cb\" targetRef=\"unbook\"/>\
           <association id=\"a2\" sourceRef=\"cl\" targetRef=\"unlog\"/>"
        + &format!("<subProcess id=\"part\">{part}</subProcess>")
        + &task("check", "approve,done,duty", "")
        + &event("intermediateThrowEvent", "thr", "", COMPENSATE)
        + &event("endEvent", "e3", "", COMPENSATE)
        + &flows("s>book book>log log>part part>check check>x x?e1x x!e3 x>thr thr>after after>e2");
    let body = body
        .replace("<exclusiveGateway id=\"x\"/>", "<exclusiveGateway id=\"x\" default=\"x-thr\"/>");
    let lane = "s book unbook cb log unlog cl part check x e1x e3 thr after e2";
    file("undo", ROOTS, lane, &body)
}

/// The fee is waited for beside a task, in the flow, and when it is waived by the whole process.
fn fee() -> String {
    let body = nodes("s:s t:a t:note e:en t:b e:e")
        + &edge("paid", "a", false, &condition("fee_open_vnd = 0"))
        + &event("intermediateCatchEvent", "wait", "", &condition("fee_open_vnd = 0"))
        + &handler("waived", true, &condition("fee_vnd = 0"))
        + &flows("s>a paid>note note>en a>wait wait>b b>e");
    file("fee", "", "s a paid note en wait b e waived", &body)
}

/// Event sub-processes of the process and of a part: by time, message, signal, error, escalation,
/// interrupting or not.
fn handlers() -> String {
    let letter = "<messageEventDefinition messageRef=\"M\"/>";
    let order = "<signalEventDefinition signalRef=\"S\"/>";
    let bad = "<errorEventDefinition errorRef=\"E\"/>";
    let late = "<escalationEventDefinition escalationRef=\"L\"/>";
    let part = nodes("s:s1 x:x1 e:e1")
        + &task("in", "done,approve", "")
        + &event("endEvent", "e2", "", bad)
        + &handler("stop", true, letter)
        + &flows("s1>in in>x1 x1>e1 x1?e2");
    let part = part.replace(
        "<exclusiveGateway id=\"x1\"/>",
        "<exclusiveGateway id=\"x1\" default=\"x1-e1\"/>",
    );
    let body = nodes("s:s t:b e:e")
        + &format!("<subProcess id=\"sub\">{part}</subProcess>")
        + &event("intermediateThrowEvent", "tell", "", late)
        + &handler("remind", false, &timer("P5WD"))
        + &handler("obey", true, order)
        + &handler("mend", true, bad)
        + &handler("boss", false, late)
        + &flows("s>sub sub>tell tell>b b>e");
    file("handlers", ROOTS, "s sub tell b e remind obey mend boss", &body)
}

/// The officer chooses one thing after the other; it is enough after the first.
fn choice() -> String {
    let body = nodes("s:s e:e")
        + &format!(
            "<adHocSubProcess id=\"any\" name=\"any\" ordering=\"Sequential\">{}</adHocSubProcess>",
            nodes("t:p t:q")
        )
        + &flows("s>any any>e");
    file("choice", "", "s any e", &body)
}

/// The officer chooses what is needed, also at the same time, until it is enough.
fn choices() -> String {
    let enough = "<scriptTask id=\"set\" mc:result=\"enough\"><script>true</script></scriptTask>";
    let body = nodes("s:s e:e")
        + &format!(
            "<adHocSubProcess id=\"any\" name=\"any\" ordering=\"Parallel\">{}{enough}{}\
             <completionCondition>enough = true</completionCondition></adHocSubProcess>",
            nodes("t:p t:q"),
            flows("q>set")
        )
        + &flows("s>any any>e");
    file("choices", "", "s any e", &body)
}

/// Tells outside by a task, an event and at the end, and gives a signal to other cases.
fn tell() -> String {
    let roots = ROOTS.to_owned()
        + "<collaboration id=\"c\"><participant id=\"us\" processRef=\"tell\"/>\
           <participant id=\"tax\" name=\"Cơ quan thuế\"/>\
           <messageFlow id=\"mf\" sourceRef=\"send\" targetRef=\"tax\"/></collaboration>";
    let letter = "<messageEventDefinition messageRef=\"M\"/>";
    let body = nodes("s:s t:a t:b")
        + "<sendTask id=\"send\" name=\"send\" messageRef=\"M\"/>"
        + &event("intermediateThrowEvent", "note", "", letter)
        + &event("intermediateThrowEvent", "give", "", "<signalEventDefinition signalRef=\"S\"/>")
        + &event("endEvent", "e", "", letter)
        + &event("intermediateCatchEvent", "rest", "", &timer("P2WD"))
        + &flows("s>a a>send send>note note>give give>rest rest>b b>e");
    file("tell", &roots, "s a send note give rest b e", &body)
}

/// Two letters go out and two are waited for; two tokens leave the first task and are gathered
/// before the last.
fn letters() -> String {
    let twice = "<standardLoopCharacteristics loopMaximum=\"2\"/>";
    let two = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>\
               </multiInstanceLoopCharacteristics>";
    let body = nodes("s:s e:e")
        + &task("sort", "done", "").replace("<userTask ", "<userTask completionQuantity=\"2\" ")
        + &task("each", "done", "")
        + &task("bind", "done", "").replace("<userTask ", "<userTask startQuantity=\"2\" ")
        + &format!("<sendTask id=\"write\" messageRef=\"M\">{twice}</sendTask>")
        + &format!("<receiveTask id=\"read\" name=\"read\" messageRef=\"M\">{two}</receiveTask>")
        + &flows("s>sort sort>each each>bind bind>write write>read read>e");
    file("letters", ROOTS, "s sort each bind write read e", &body)
}

/// Every consulted unit is asked by a call of its own; one answer is enough, five days of silence
/// are one too. What the called process throws is caught at the edge.
fn ask() -> String {
    let call = "<callActivity id=\"poll\" name=\"poll\" calledElement=\"answer\" \
                mc:asks=\"=unit\"><extensionElements>\
                <mc:in sourceExpression=\"procedure\" target=\"about\"/>\
                <mc:out source=\"view\" target=\"view\"/></extensionElements>\
                <multiInstanceLoopCharacteristics mc:collection=\"consulted\" mc:item=\"unit\">\
                <completionCondition>numberOfCompletedInstances &gt;= 1</completionCondition>\
                </multiInstanceLoopCharacteristics></callActivity>";
    let bad = "<errorEventDefinition errorRef=\"E\"/>";
    let late = "<escalationEventDefinition escalationRef=\"L\"/>";
    let body = nodes("s:s t:pick t:sum t:silent t:mend t:boss e:e e:e2 e:e3 e:e4")
        + call
        + &edge("quiet", "poll", true, &timer("P5WD"))
        + &edge("wrong", "poll", true, bad)
        + &edge("told", "poll", false, late)
        + &flows(
            "s>pick pick>poll poll>sum sum>e quiet>silent silent>e2 wrong>mend mend>e3 \
             told>boss boss>e4",
        );
    file("ask", ROOTS, "s pick poll sum silent mend boss quiet wrong told e e2 e3 e4", &body)
}

/// What a called unit does: it gives its view, tells its leader, or throws an error.
fn answer() -> String {
    let body = nodes("s:s x:x t:more e:e")
        + &task("opine", "done,approve,duty", "")
        + "<scriptTask id=\"note\" mc:result=\"view\"><script>\"yes to \" + about</script></scriptTask>"
        + &event("endEvent", "bad", "", "<errorEventDefinition errorRef=\"E\"/>")
        + &event(
            "intermediateThrowEvent",
            "tell",
            "",
            "<escalationEventDefinition escalationRef=\"L\"/>",
        )
        + &flows("s>opine opine>x x?bad x!tell x>note tell>more more>note note>e");
    let body = body
        .replace("<exclusiveGateway id=\"x\"/>", "<exclusiveGateway id=\"x\" default=\"x-note\"/>");
    file("answer", ROOTS, "s opine x more note bad tell e", &body)
}

/// Event sub-processes that stand still as long as nobody knows the area: one by time, one when
/// most of the fee was paid. No publication would let it through.
pub fn stumble() -> String {
    let part = |id: &str, definition: &str| {
        let start = event("startEvent", &format!("{id}_s"), "isInterrupting=\"false\"", definition);
        format!(
            "<subProcess id=\"{id}\" triggeredByEvent=\"true\">{start}{}{}\
             <sequenceFlow id=\"{id}-f\" \
             sourceRef=\"{id}_x\" targetRef=\"{id}_t\"><conditionExpression>area &gt; 500\
             </conditionExpression></sequenceFlow></subProcess>",
            nodes(&format!("x:{id}_x t:{id}_t e:{id}_e")),
            flows(&format!("{id}_s>{id}_x {id}_t>{id}_e")),
        )
    };
    let body = nodes("s:s t:a t:b e:e")
        + &part("late", &timer("P5WD"))
        + &part("most", &condition("fee_open_vnd &lt; 15000"))
        + &flows("s>a a>b b>e");
    file("stumble", "", "s a b e late most", &body)
}

/// Names and files: the procedure `1.0000010` runs the first, and so on.
pub fn all() -> [(&'static str, String); 10] {
    [
        ("again", again()),
        ("undo", undo()),
        ("fee", fee()),
        ("handlers", handlers()),
        ("choice", choice()),
        ("choices", choices()),
        ("tell", tell()),
        ("ask", ask()),
        ("answer", answer()),
        ("letters", letters()),
    ]
}

/// A process of one step `n`.
pub fn line(step: &str) -> String {
    file("line", "", "s n e", &(nodes("s:s e:e") + step + &flows("s>n n>e")))
}
