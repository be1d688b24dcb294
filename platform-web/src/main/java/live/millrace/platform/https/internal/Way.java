// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.https.internal;

import live.millrace.platform.https.HttpsSettings;

/** How a domain is proved to be this machine's. */
enum Way {
    /** A file at port 80 (RFC 8555 §8.3). */
    HTTP(80),
    /** A certificate of its own at port 443 (RFC 8737). */
    TLS(443);

    /** Where directories of the world ask; another is the business of whoever runs a directory in the house. */
    private final int port;

    Way(int port) {
        this.port = port;
    }

    int port() {
        return port;
    }

    Way other() {
        return this == HTTP ? TLS : HTTP;
    }

    /** The one to begin with. */
    static Way first(HttpsSettings settings) {
        return settings.redirect().isPresent() ? HTTP : TLS;
    }
}
