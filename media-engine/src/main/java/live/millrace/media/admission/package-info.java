// SPDX-License-Identifier: Apache-2.0
/**
 * What every way in and out needs and no protocol owns: whether a peer may, how many may at a time from one address, the time that
 * whoever decides has for it, who is there, who is told, the watch over peers that fall silent, and the end of whoever may no longer.
 * It knows no protocol: an endpoint asks it and says the answer in its own words. {@link live.millrace.media.access} says who decides;
 * the entry types are {@link live.millrace.media.admission.PublishAdmission} and {@link live.millrace.media.admission.PlayAdmission}.
 */
@NullMarked
package live.millrace.media.admission;

import org.jspecify.annotations.NullMarked;
