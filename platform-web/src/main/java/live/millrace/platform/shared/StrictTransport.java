// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** What browsers are told to remember of a site that was reached over HTTPS (RFC 6797). Implemented by whoever gets certificates. */
@FunctionalInterface
public interface StrictTransport {
    /** Behind a proxy, or with the operator's own certificate: they look after it for as long as the name is theirs. */
    String OF_THE_OPERATOR = "max-age=31536000; includeSubDomains";

    /** The field for the answer to a request that came encrypted; empty for none. Neither blocks nor throws. */
    Optional<String> of(HttpServletRequest request);
}
