//! TLS on the way to mail servers: the platform's certificate authorities, the configured name, nothing optional.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, crypto};
use rustls_platform_verifier::Verifier;
use std::io;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;

/// TCP, or TLS over it.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// The certificates that TLS needs cannot be read, or the server has no name that one could vouch for.
#[derive(Debug, thiserror::Error)]
#[error("cannot prepare TLS for the mail server")]
pub struct TlsSetupError(#[source] Box<dyn std::error::Error + Send + Sync>);

/// What a server has to prove before anything is said to it.
#[derive(Clone)]
pub(super) struct ClientTls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl ClientTls {
    /// For the server `host`; `extra_roots_pem` is trusted beside the platform's authorities.
    pub(super) fn new(host: &str, extra_roots_pem: Option<&[u8]>) -> Result<Self, TlsSetupError> {
        let roots: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(extra_roots_pem.unwrap_or_default())
            .collect::<Result<_, _>>()
            .map_err(|error| TlsSetupError(error.into()))?;
        let provider = Arc::new(crypto::aws_lc_rs::default_provider());
        let setup = |error: rustls::Error| TlsSetupError(error.into());
        let verifier = Verifier::new_with_extra_roots(roots, provider.clone()).map_err(setup)?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(setup)?
            // Not less than the usual verification: the platform's own is how rustls takes it.
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        let name = ServerName::try_from(host.to_owned()).map_err(|error| TlsSetupError(error.into()))?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
    }

    /// The same stream, encrypted, once the server has shown a certificate for its name.
    pub(super) async fn connect<S: Stream>(&self, stream: S) -> io::Result<impl Stream + use<S>> {
        self.connector.connect(self.name.clone(), stream).await
    }
}
