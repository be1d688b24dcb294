// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

import java.util.Optional;

/**
 * What an MP4 file calls a codec (ISO/IEC 14496-12 §8.5.2, and the codecs' own bindings).
 *
 * @param type of the sample entry
 * @param configurationBox the box in it that holds the decoder's configuration; empty when the type says it all
 */
public record SampleEntryType(FourCc type, Optional<FourCc> configurationBox) {
    /** With a box of its own. */
    public static SampleEntryType of(String type, String configurationBox) {
        return new SampleEntryType(FourCc.of(type), Optional.of(FourCc.of(configurationBox)));
    }

    /** Without a box. */
    public static SampleEntryType of(String type) {
        return new SampleEntryType(FourCc.of(type), Optional.empty());
    }
}
