// SPDX-License-Identifier: Apache-2.0
/**
 * The port for media over HTTP. What it answers is registered by the endpoints that speak over it.
 */
@NullMarked
package live.millrace.media.endpoint.http;

import org.jspecify.annotations.NullMarked;
