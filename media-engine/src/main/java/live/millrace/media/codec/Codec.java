// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

/** The codecs that the engine carries. */
public enum Codec {
    H264("H.264"),
    H265("H.265"),
    AV1("AV1"),
    VP9("VP9"),
    AAC("AAC"),
    MP3("MP3"),
    OPUS("Opus"),
    FLAC("FLAC"),
    AC3("AC-3"),
    EAC3("E-AC-3"),
    G711_A("G.711 A-law"),
    G711_U("G.711 µ-law");

    private final String displayName;

    Codec(String displayName) {
        this.displayName = displayName;
    }

    /** Whether CMAF has a place for it (ISO/IEC 23000-19, and the registered sample entries): all but G.711, which no browser plays. */
    public boolean inSegments() {
        return this != G711_A && this != G711_U;
    }

    /** The name people know it by. */
    public String displayName() {
        return displayName;
    }
}
