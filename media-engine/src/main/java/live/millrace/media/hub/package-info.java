// SPDX-License-Identifier: Apache-2.0
/**
 * Where ways in and ways out meet: live streams, their states, their publishers and subscribers, and the repair of their time
 * line. It knows no protocol, no container and no socket. The entry type is {@link live.millrace.media.hub.StreamRegistry}.
 */
@NullMarked
package live.millrace.media.hub;

import org.jspecify.annotations.NullMarked;
