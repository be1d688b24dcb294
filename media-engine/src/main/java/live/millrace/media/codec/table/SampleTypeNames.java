// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.codec.table;

import java.util.HashMap;
import java.util.Map;
import live.millrace.media.codec.CodecEntry;
import live.millrace.media.codec.FourCc;

/** What people call the codecs that MP4 and QuickTime files are found with (mp4ra.org, QuickTime File Format). */
public final class SampleTypeNames {
    private static final Map<String, String> NAMES = new HashMap<>();

    private static void named(String name, String... types) {
        for (String type : types) {
            NAMES.put(type, name);
        }
    }

    static {
        named("VP8", "VP80");
        named("MPEG-4 Part 2", "mp4v", "xvid", "XVID", "DIVX");
        named("H.263", "s263", "h263", "H263");
        named("H.266", "vvc1", "vvi1");
        named("Dolby Vision", "dvh1", "dvhe", "dva1", "dvav");
        named("Motion JPEG", "jpeg", "mjpa", "mjpb", "mjpg");
        named("PNG", "png ");
        named("ProRes", "apch", "apcn", "apcs", "apco", "ap4h", "ap4x", "aprn", "aprh");
        named("DNxHD", "AVdn", "AVdh");
        named("AMR", "samr", "sawb");
        named("ALAC", "alac");
        named("PCM", "sowt", "twos", "lpcm", "ipcm", "fpcm", "in24", "in32", "fl32", "fl64", "raw ", "NONE");
        named("G.711", "ulaw", "alaw");
        named("ADPCM", "ima4", "ms\0\2", "ms\0\21");
        named("AC-4", "ac-4");
        named("DTS", "dtsc", "dtsh", "dtsl", "dtse", "dtsx");
        named("TrueHD", "mlpa");
        named("Speex", "spex");
        named("APAC", "apac");
    }

    private SampleTypeNames() {}

    /** The name of a sample entry type; the type itself where nobody calls it otherwise. */
    public static String of(FourCc type) {
        return CodecTable.ALL.entries().stream()
                .filter(each -> each.sampleEntry().isCalled(type))
                .map(CodecEntry::displayName)
                .findFirst()
                .orElseGet(() -> NAMES.getOrDefault(type.text(), type.text()));
    }
}
