// SPDX-License-Identifier: Apache-2.0
/**
 * The questions the engine asks whoever embeds it: may this session publish? It knows no protocol, no table and no
 * transport. The entry type is {@link live.millrace.media.access.PublishAuthorizer}.
 */
@NullMarked
package live.millrace.media.access;

import org.jspecify.annotations.NullMarked;
