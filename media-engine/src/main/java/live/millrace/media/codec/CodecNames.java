// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

import java.util.List;

/**
 * What people and containers call a codec.
 *
 * @param display the name people know it by
 * @param streamTypes what its tracks may be in a transport stream; empty when that has no place for it
 */
public record CodecNames(String display, FlvCodecId flv, SampleEntryType sampleEntry, List<StreamType> streamTypes) {
    public CodecNames {
        streamTypes = List.copyOf(streamTypes);
    }

    /** @param streamTypes none when a transport stream has no place for it */
    public static CodecNames of(
            String display, FlvCodecId flv, SampleEntryType sampleEntry, StreamType... streamTypes) {
        return new CodecNames(display, flv, sampleEntry, List.of(streamTypes));
    }
}
