//! How fast a request's body must come: one that stalls gives its place among the uploads back.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::limits;

/// Says afterwards whether a body was given up because it came too slowly.
#[derive(Clone, Default)]
pub(super) struct Slow(Arc<AtomicBool>);

impl Slow {
    /// Whether it was.
    pub(super) fn was(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A body that ends in an error once a whole window has brought less than it must.
pub(super) fn paced(body: Body, slow: Slow) -> Body {
    Body::new(Paced { body, window: Box::pin(sleep(limits::BODY_WINDOW)), brought: 0, slow })
}

struct Paced {
    body: Body,
    window: Pin<Box<Sleep>>,
    /// Bytes that this window has brought.
    brought: usize,
    slow: Slow,
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        // A new window is polled as well, or nothing would wake the task at its end.
        while this.window.as_mut().poll(cx).is_ready() {
            if this.brought < limits::BODY_WINDOW_BYTES {
                this.slow.0.store(true, Ordering::Relaxed);
                return Poll::Ready(Some(Err(axum::Error::new(TooSlow))));
            }
            this.brought = 0;
            this.window.set(sleep(limits::BODY_WINDOW));
        }
        let frame = ready!(Pin::new(&mut this.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame {
            this.brought += frame.data_ref().map_or(0, Bytes::len);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the body came too slowly")]
struct TooSlow;
