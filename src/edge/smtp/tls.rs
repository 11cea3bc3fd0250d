//! TLS on the way to the mail server: the platform's certificate authorities, the configured name, nothing optional.

use super::SmtpSetupError;
use super::wire::Stream;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, crypto};
use rustls_platform_verifier::Verifier;
use std::io;
use std::sync::Arc;
use tokio_rustls::TlsConnector;

/// What a server has to prove before anything is said to it.
#[derive(Clone)]
pub(super) struct ClientTls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl ClientTls {
    /// For the server `host`; `extra_roots_pem` is trusted beside the platform's authorities.
    pub(super) fn new(host: &str, extra_roots_pem: Option<&[u8]>) -> Result<Self, SmtpSetupError> {
        let roots: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(extra_roots_pem.unwrap_or_default())
            .collect::<Result<_, _>>()
            .map_err(|error| SmtpSetupError::Tls(error.into()))?;
        let provider = Arc::new(crypto::aws_lc_rs::default_provider());
        let setup = |error: rustls::Error| SmtpSetupError::Tls(error.into());
        let verifier = Verifier::new_with_extra_roots(roots, provider.clone()).map_err(setup)?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(setup)?
            // Not less than the usual verification: the platform's own is how rustls takes it.
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        let name = ServerName::try_from(host.to_owned()).map_err(|error| SmtpSetupError::Tls(error.into()))?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
    }

    /// The same stream, encrypted, once the server has shown a certificate for its name.
    pub(super) async fn connect<S: Stream>(&self, stream: S) -> io::Result<impl Stream + use<S>> {
        self.connector.connect(self.name.clone(), stream).await
    }
}
