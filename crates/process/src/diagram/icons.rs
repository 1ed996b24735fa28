//! The small signs inside events, gateways and activities.

use std::fmt::Write as _;

use super::draw::Draw;
use super::picture::{Rect, Shape};
use crate::bpmn::{Kind, Loop, Node, Trigger, flag};

impl Draw<'_, '_> {
    pub(super) fn event_icon(
        &mut self,
        node: &Node<'_>,
        x: f64,
        y: f64,
        radius: f64,
        stroke: &str,
    ) {
        let full = node.kind.throws();
        let r = radius * 0.5;
        let [first, rest @ ..] = node.triggers.as_slice() else { return };
        if !rest.is_empty() {
            let all = flag(node.element, "parallelMultiple").unwrap_or(false);
            let path = if all { plus(x, y, r) } else { pentagon(x, y, r) };
            return self.icon(&path, full, stroke);
        }
        let path = match first.trigger {
            Trigger::Message => envelope(x, y, r),
            Trigger::Timer => clock(x, y, r),
            Trigger::Error => {
                let (l, t) = (x - r, y + r);
                format!(
                    "M{l:.1} {t:.1}l{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}L{:.1} {:.1}z",
                    r * 0.6,
                    -r * 1.8,
                    r * 0.7,
                    r * 0.8,
                    r * 0.7,
                    -r * 0.9,
                    x + r * 0.3,
                    y + r * 0.5
                )
            }
            Trigger::Escalation => {
                let (top, low) = (y - r, y + r);
                format!(
                    "M{x:.1} {top:.1}L{:.1} {low:.1} {x:.1} {:.1} {:.1} {low:.1}Z",
                    x + r * 0.8,
                    y + r * 0.2,
                    x - r * 0.8
                )
            }
            Trigger::Signal => {
                format!("M{x:.1} {:.1}l{:.1} {:.1}h{:.1}z", y - r, r, r * 1.7, -2.0 * r)
            }
            Trigger::Compensate => rewind(x, y, r),
            Trigger::Conditional => {
                let (l, t) = (x - r * 0.8, y - r);
                let mut path =
                    format!("M{l:.1} {t:.1}h{:.1}v{:.1}h{:.1}z", r * 1.6, r * 2.0, -r * 1.6);
                for line in [0.4, 0.8, 1.2, 1.6] {
                    let _ =
                        write!(path, "M{:.1} {:.1}h{:.1}", l + 2.0, t + r * line, r * 1.6 - 4.0);
                }
                return self.icon(&path, false, stroke);
            }
            Trigger::Link => format!(
                "M{:.1} {:.1}h{r:.1}v{:.1}l{r:.1} {:.1} -{r:.1} {:.1}v{:.1}h-{r:.1}z",
                x - r,
                y - r * 0.4,
                -r * 0.4,
                r * 0.8,
                r * 0.8,
                -r * 0.4
            ),
            Trigger::Terminate => dot(x, y, r * 1.1),
            Trigger::Cancel => cross(x, y, r),
        };
        self.icon(&path, full || first.trigger == Trigger::Terminate, stroke);
    }

    pub(super) fn gateway_icon(
        &mut self,
        node: &Node<'_>,
        x: f64,
        y: f64,
        radius: f64,
        stroke: &str,
    ) {
        let r = radius;
        match node.kind {
            Kind::ExclusiveGateway => {
                let path = format!(
                    "M{:.1} {:.1}l{r:.1} {:.1}m0 -{:.1}l-{r:.1} {:.1}",
                    x - r / 2.0,
                    y - r * 0.7,
                    r * 1.4,
                    r * 1.4,
                    r * 1.4
                );
                self.thick(&path, stroke);
            }
            Kind::ParallelGateway => {
                let path = format!(
                    "M{:.1} {y:.1}h{:.1}M{x:.1} {:.1}v{:.1}",
                    x - r,
                    2.0 * r,
                    y - r,
                    2.0 * r
                );
                self.thick(&path, stroke);
            }
            Kind::InclusiveGateway => self.thick(&dot(x, y, r), stroke),
            Kind::ComplexGateway => {
                let d = r * 0.7;
                let path = format!(
                    "M{:.1} {y:.1}h{:.1}M{x:.1} {:.1}v{:.1}M{:.1} {:.1}l{:.1} {:.1}\
                     m0 -{:.1}l-{:.1} {:.1}",
                    x - r,
                    2.0 * r,
                    y - r,
                    2.0 * r,
                    x - d,
                    y - d,
                    2.0 * d,
                    2.0 * d,
                    2.0 * d,
                    2.0 * d,
                    2.0 * d
                );
                self.thick(&path, stroke);
            }
            Kind::EventBasedGateway => {
                self.icon(&dot(x, y, r * 1.1), false, stroke);
                if !node.instantiates() {
                    self.icon(&dot(x, y, r * 0.9), false, stroke);
                }
                let parallel = node.element.attr("eventGatewayType") == Some("Parallel");
                let path = if parallel { plus(x, y, r * 0.6) } else { pentagon(x, y, r * 0.6) };
                self.icon(&path, false, stroke);
            }
            _ => {}
        }
    }

    fn thick(&mut self, path: &str, stroke: &str) {
        let _ = write!(
            self.out,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"3\"/>"
        );
    }

    /// The sign of the type of a task at its upper left corner.
    pub(super) fn task_icon(&mut self, kind: Kind, bounds: &Rect, stroke: &str) {
        let (x, y) = (bounds.x + 12.0, bounds.y + 12.0);
        let path = match kind {
            Kind::UserTask => format!(
                "M{:.1} {:.1}a3 3 0 1 0 .1 0zM{:.1} {:.1}c0 -6 10 -6 10 0v2h-10z",
                x,
                y - 6.0,
                x - 5.0,
                y + 4.0
            ),
            Kind::ServiceTask => {
                let mut path = format!("{}{}", dot(x, y, 4.5), dot(x, y, 1.8));
                for (dx, dy) in [(0.0, 1.0), (1.0, 0.0), (0.7, 0.7), (0.7, -0.7)] {
                    for side in [-1.0, 1.0] {
                        let (dx, dy) = (dx * side, dy * side);
                        let _ = write!(
                            path,
                            "M{:.1} {:.1}l{:.1} {:.1}",
                            x + dx * 4.5,
                            y + dy * 4.5,
                            dx * 2.0,
                            dy * 2.0
                        );
                    }
                }
                path
            }
            Kind::SendTask | Kind::ReceiveTask => envelope(x, y, 6.0),
            Kind::ManualTask => format!(
                "M{:.1} {:.1}h8q2 0 2 2h-4h5q1.5 1.5 0 3h-5h4q1 1.5 -1 3h-7q-3 -1 -3 -4q0 -2 1 -4z",
                x - 5.0,
                y - 4.0
            ),
            Kind::ScriptTask => format!(
                "M{:.1} {:.1}h9q-4 3 -2 6t-2 6h-9q4 -3 2 -6t2 -6zM{:.1} {:.1}h5m-4 3h5m-5 3h5",
                x - 4.0,
                y - 6.0,
                x - 3.0,
                y - 3.0
            ),
            Kind::BusinessRuleTask => {
                format!("M{:.1} {:.1}h13v10h-13zm0 3.5h13m-13 3.5h13m-9 -3.5v6.5", x - 6.0, y - 5.0)
            }
            _ => return,
        };
        self.icon(&path, kind == Kind::SendTask, stroke);
    }

    /// Signs at the lower edge: repetition, compensation, ad hoc, closed. Tells if there are any.
    pub(super) fn markers(&mut self, node: &Node<'_>, shape: &Shape<'_>, open: bool) -> bool {
        let mut signs = Vec::new();
        match node.looping {
            Some(Loop::Standard { .. }) => signs.push("loop"),
            Some(Loop::Multi { sequential: true, .. }) => signs.push("sequential"),
            Some(Loop::Multi { .. }) => signs.push("parallel"),
            None => {}
        }
        if node.for_compensation() {
            signs.push("compensation");
        }
        if node.kind == Kind::AdHocSubProcess {
            signs.push("ad-hoc");
        }
        if node.kind.is_sub_process() && !open {
            signs.push("closed");
        }
        let y = shape.bounds.bottom() - 9.0;
        let mut x = shape.bounds.middle().0 - 9.0 * (signs.len() as f64 - 1.0);
        for sign in &signs {
            let path = match *sign {
                "loop" => {
                    format!("M{:.1} {:.1}a5 5 0 1 1 5 1m-5 -1l-3 -1m3 1l1 -3", x - 3.0, y + 4.0)
                }
                "sequential" => format!("M{:.1} {:.1}h10m-10 4h10m-10 4h10", x - 5.0, y - 4.0),
                "parallel" => format!("M{:.1} {:.1}v10m4 -10v10m4 -10v10", x - 4.0, y - 5.0),
                "compensation" => rewind(x, y, 5.0),
                "ad-hoc" => format!("M{:.1} {y:.1}q3 -6 6 0t6 0", x - 6.0),
                _ => format!("M{:.1} {:.1}h12v12h-12zm6 2v8m-4 -4h8", x - 6.0, y - 6.0),
            };
            self.icon(&path, false, "#333333");
            x += 18.0;
        }
        !signs.is_empty()
    }
}

fn envelope(x: f64, y: f64, r: f64) -> String {
    let (l, t, w, h) = (x - r, y - r * 0.7, 2.0 * r, r * 1.4);
    format!("M{l:.1} {t:.1}h{w:.1}v{h:.1}h-{w:.1}zl{r:.1} {:.1} {r:.1} -{:.1}", h * 0.55, h * 0.55)
}

fn clock(x: f64, y: f64, r: f64) -> String {
    let r = r * 1.1;
    format!("{}M{x:.1} {:.1}v{:.1}h{:.1}", dot(x, y, r), y - r * 0.7, r * 0.7, r * 0.5)
}

/// A whole circle.
fn dot(x: f64, y: f64, r: f64) -> String {
    format!(
        "M{:.1} {y:.1}a{r:.1} {r:.1} 0 1 0 {:.1} 0a{r:.1} {r:.1} 0 1 0 -{:.1} 0z",
        x - r,
        2.0 * r,
        2.0 * r
    )
}

fn cross(x: f64, y: f64, r: f64) -> String {
    let d = r * 0.8;
    format!(
        "M{:.1} {:.1}l{:.1} {:.1}m0 -{:.1}l-{:.1} {:.1}",
        x - d,
        y - d,
        2.0 * d,
        2.0 * d,
        2.0 * d,
        2.0 * d,
        2.0 * d
    )
}

fn plus(x: f64, y: f64, r: f64) -> String {
    let (a, b) = (r * 0.3, r * 0.7);
    format!(
        "M{:.1} {:.1}h{:.1}v{b:.1}h{b:.1}v{:.1}h-{b:.1}v{b:.1}h-{:.1}v-{b:.1}h-{b:.1}v-{:.1}\
         h{b:.1}z",
        x - a,
        y - r,
        2.0 * a,
        2.0 * a,
        2.0 * a,
        2.0 * a
    )
}

fn pentagon(x: f64, y: f64, r: f64) -> String {
    let point = |n: f64| {
        let angle = std::f64::consts::TAU * n / 5.0;
        format!("{:.1} {:.1}", x + r * angle.sin(), y - r * angle.cos())
    };
    format!("M{}L{} {} {} {}Z", point(0.0), point(1.0), point(2.0), point(3.0), point(4.0))
}

/// Two triangles that point to the left.
fn rewind(x: f64, y: f64, r: f64) -> String {
    format!(
        "M{x:.1} {:.1}l-{r:.1} {r:.1} {r:.1} {r:.1}zM{:.1} {:.1}l-{r:.1} {r:.1} {r:.1} {r:.1}z",
        y - r,
        x + r,
        y - r
    )
}
