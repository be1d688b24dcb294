// SPDX-License-Identifier: Apache-2.0
/**
 * The engine's HTTP/1.1 server and its router. Endpoints register routes here and never see each other. Nothing maps to a file
 * path: a request that no route knows is a 404.
 */
@NullMarked
package live.millrace.media.http;

import org.jspecify.annotations.NullMarked;
