// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import java.util.List;
import java.util.Optional;

/**
 * What a trial of a source came to.
 *
 * @param failure why it has nothing to show; empty when it has
 * @param codecs of what is carried, as people call them: {@code H.264}, {@code G.711}
 * @param leftOut of what is offered and not carried
 * @param picture its first key frame as an MP4 of one picture; empty if it has sound alone, or failed
 */
public record Probe(
        Optional<SourceFailure> failure, List<String> codecs, List<String> leftOut, Optional<byte[]> picture) {}
