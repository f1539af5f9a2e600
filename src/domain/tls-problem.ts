/** Why a connection that was to be encrypted is not, in one sentence that ends with the mend; null when TLS is not the cause. */
export function explainTls(error: unknown): string | null {
  const problem = error as { code?: string; message?: string; cert?: { subjectaltname?: string } };
  const { code = '', message = '' } = problem;
  switch (code) {
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_UNTRUSTED':
    case 'INVALID_CA':
      return `the server's certificate is not trusted, since it is signed by a certificate authority that this machine does not know (${code}); ${TRUST}`;
    case 'CERT_HAS_EXPIRED':
      return `the server's certificate has expired (${message}); renew it at the server, or check this machine's clock`;
    case 'CERT_NOT_YET_VALID':
      return `the server's certificate is not valid yet (${message}); check the clocks of both machines`;
    case 'CERT_REVOKED':
    case 'CERT_SIGNATURE_FAILURE':
    case 'CERT_REJECTED':
      return `the server's certificate is refused (${code}); get a new one for the server`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the server's certificate is for another name (${namesOf(message, problem.cert?.subjectaltname)}); use the name that is in the certificate as host`;
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'ERR_SSL_HTTP_REQUEST':
    case 'ERR_SSL_UNKNOWN_PROTOCOL':
      return 'what answers there does not speak TLS; check the port, or leave encryption out';
  }
  if (/CERTIFICATE_REQUIRED/.test(code) || /certificate required/i.test(message)) {
    return `the server wants a certificate from us; ${CLIENT}`;
  }
  // Before TLS 1.3 a server that wants a certificate only says that there is no agreement.
  if (/HANDSHAKE_FAILURE/.test(code)) {
    return `the server refused the TLS handshake (${code}); if it wants a certificate from us: ${CLIENT}`;
  }
  if (/ALERT_(BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN|CERTIFICATE_EXPIRED)/.test(code)) {
    return `the server does not accept our certificate (${code}); give it the one that the server's operator has signed in sslcert, with its key in sslkey`;
  }
  if (/^ERR_(SSL|OSSL|TLS)_/.test(code)) return `TLS failed (${code}: ${message})`;
  return null;
}

/** What a file for TLS lacks, by its parameter (`sslrootcert`, `sslcert`, `sslkey`); null where it has it. Node.js takes PEM alone, and takes a file without any for no certificate at all. */
export function missingPem(parameter: string, text: string): string | null {
  const [pem, what] =
    parameter === 'sslkey'
      ? [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'key']
      : [/-----BEGIN [A-Z\d ]*CERTIFICATE-----/, 'certificate'];
  return pem.test(text) ? null : `holds no ${what} in PEM form (-----BEGIN ...)`;
}

const TRUST =
  'add sslmode=verify-full&sslrootcert=/path/to/ca.pem to the address, with the file that the host of the server offers as its CA certificate, or start with NODE_EXTRA_CA_CERTS=/path/to/ca.pem';
const CLIENT =
  'add sslcert=/path/to/client.crt&sslkey=/path/to/client.key to the address, a certificate that the server accepts and its key';

/** Node names the host, and not always what is in the certificate instead. */
function namesOf(message: string, names = 'no name'): string {
  const host = /(?:Host|IP): ([^\s]+?)\.? is not/.exec(message)?.[1];
  return host === undefined ? message : `it is for ${names}, and not for ${host}`;
}
