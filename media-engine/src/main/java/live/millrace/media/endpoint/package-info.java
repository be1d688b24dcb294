// SPDX-License-Identifier: Apache-2.0
/**
 * Ways in and out, one package for each. An endpoint bridges one protocol and the hub, and never sees another endpoint;
 * {@link live.millrace.media.endpoint.Endpoint} is what the engine sees of it.
 */
@NullMarked
package live.millrace.media.endpoint;

import org.jspecify.annotations.NullMarked;
