//! Serving: the listener, TLS by certificate files, the worker beside it, an orderly end.

use crate::config::Config;
use crate::wire::Wired;
use axum_server::Handle;
use onestop::jobs::{self, Outside};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// How long requests under way may take once the program is told to end.
const END_GRACE: Duration = Duration::from_secs(10);

/// Serves until the process is told to end. `ready` hears the address that is listened on.
///
/// # Errors
/// The address is taken, a certificate cannot be read, or the listener fails.
pub async fn serve(
    config: &Config,
    wired: Wired,
    outside: Arc<dyn Outside>,
    ready: impl FnOnce(SocketAddr),
) -> io::Result<()> {
    let listener = std::net::TcpListener::bind(config.server.listen)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let handle = Handle::new();
    let worker = tokio::spawn(jobs::run(wired.app.clone(), outside));
    let ending = handle.clone();
    tokio::spawn(async move {
        told_to_end().await;
        tracing::info!("ending: requests under way are finished first");
        ending.graceful_shutdown(Some(END_GRACE));
    });
    let service = wired.router.into_make_service_with_connect_info::<SocketAddr>();
    let result = match config.server.tls() {
        Some((cert, key)) => {
            let _ = rustls::crypto::ring::default_provider().install_default();
            let tls = axum_server::tls_rustls::RustlsConfig::from_pem_file(cert, key).await?;
            ready(address);
            axum_server::from_tcp_rustls(listener, tls)?.handle(handle).serve(service).await
        }
        None => {
            ready(address);
            axum_server::from_tcp(listener)?.handle(handle).serve(service).await
        }
    };
    worker.abort();
    result
}

/// Waits for Ctrl-C or the system's request to end.
async fn told_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    if interrupt.await.is_err() {
        std::future::pending::<()>().await;
    }
}
