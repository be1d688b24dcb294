// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec;

/** The codecs that the engine carries. */
public enum Codec {
    H264("H.264"),
    AAC("AAC"),
    MP3("MP3");

    private final String displayName;

    Codec(String displayName) {
        this.displayName = displayName;
    }

    /** The name people know it by. */
    public String displayName() {
        return displayName;
    }
}
