// SPDX-License-Identifier: Apache-2.0
/**
 * Certificates for RTMPS, HTTPS and WSS, renewed while connections stay.
 */
@NullMarked
package live.millrace.media.tls;

import org.jspecify.annotations.NullMarked;
