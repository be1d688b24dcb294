// SPDX-License-Identifier: Apache-2.0
/**
 * Publishing by a request of HTTP whose body is the broadcast: MPEG-TS or FLV, by PUT or POST, on the port for media.
 */
@NullMarked
package live.millrace.media.endpoint.ingest;

import org.jspecify.annotations.NullMarked;
