// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a trial of an address came to.
 *
 * @param failure why it has nothing to show; null when it has
 * @param codecs of what is carried, as people call them
 * @param leftOut of what is offered and not carried
 * @param picture its first key frame as an MP4 of one picture; null if it has sound alone, or failed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record FetchTrial(
        @Nullable FetchFailure failure, List<String> codecs, List<String> leftOut, byte @Nullable [] picture) {
    public FetchTrial {
        codecs = List.copyOf(codecs);
        leftOut = List.copyOf(leftOut);
    }

    /** It came to nothing. */
    public static FetchTrial failed(FetchFailure failure) {
        return new FetchTrial(failure, List.of(), List.of(), null);
    }
}
