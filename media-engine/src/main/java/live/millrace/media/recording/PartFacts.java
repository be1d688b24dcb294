// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import java.time.Instant;

/**
 * What is told of a part beside its bytes.
 *
 * @param first it begins its segment
 * @param stretch grows with each break
 * @param sequence media sequence number of its segment
 * @param time wall clock at the segment's start
 */
record PartFacts(boolean first, long stretch, long sequence, Instant time) {}
