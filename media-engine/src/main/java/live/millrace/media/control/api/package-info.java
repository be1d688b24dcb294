// SPDX-License-Identifier: Apache-2.0
/**
 * Management over HTTP for an engine that stands alone: a JSON API with a bearer token, the statistics that users of
 * nginx-rtmp parse, and metrics. The entry type is {@link live.millrace.media.control.api.ApiEndpoint}.
 */
@NullMarked
package live.millrace.media.control.api;

import org.jspecify.annotations.NullMarked;
