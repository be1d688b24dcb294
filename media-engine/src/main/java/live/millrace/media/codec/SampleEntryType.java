// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

import java.util.Optional;
import java.util.Set;

/**
 * What an MP4 file calls a codec (ISO/IEC 14496-12 §8.5.2, and the codecs' own bindings).
 *
 * @param type of the sample entry
 * @param likewise other types that files have for the same, with the same box
 * @param configurationBox the box in it that holds the decoder's configuration; empty when the type says it all
 */
public record SampleEntryType(FourCc type, Set<FourCc> likewise, Optional<FourCc> configurationBox) {
    /** With a box of its own. */
    public static SampleEntryType of(String type, String configurationBox) {
        return new SampleEntryType(FourCc.of(type), Set.of(), Optional.of(FourCc.of(configurationBox)));
    }

    /** Without a box. */
    public static SampleEntryType of(String type) {
        return new SampleEntryType(FourCc.of(type), Set.of(), Optional.empty());
    }

    /** The same under another type as well. */
    public SampleEntryType or(String other) {
        return new SampleEntryType(type, Set.of(FourCc.of(other)), configurationBox);
    }

    /** Whether a file that says so means it. */
    public boolean isCalled(FourCc said) {
        return type.equals(said) || likewise.contains(said);
    }
}
