// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What people call the program that an encoder says it is. Programs name themselves twice: when they connect, where all that speak through
 * librtmp say the same, and in their media, where many name a library. What is not known is told as it is said.
 */
public final class EncoderNames {
    /** @param name with the version in the place of {@code $1}, if the program tells one */
    private record Known(Pattern said, String name) {}

    private static final List<Known> KNOWN = List.of(
            known("obs-studio[/ ]v?(\\d+\\.\\d+)", "OBS Studio $1"),
            known("libobs version (\\d+\\.\\d+)", "OBS Studio $1"),
            known("obs-output module", "OBS Studio"),
            known("streamlabs", "Streamlabs"),
            known("streamyard", "StreamYard"),
            known("restream", "Restream"),
            known("prism ?live", "PRISM Live Studio"),
            known("xsplit", "XSplit"),
            known("vmix", "vMix"),
            known("wirecast[/ ]?(\\d+(?:\\.\\d+)?)?", "Wirecast $1"),
            known("larix", "Larix Broadcaster"),
            known("haishinkit", "HaishinKit"),
            known("rootencoder|rtmp-rtsp-stream-client", "RootEncoder"),
            known("bilibili|livehime|直播姬", "哔哩哔哩直播姬"),
            known("teradek", "Teradek"),
            known("atem", "Blackmagic ATEM"),
            known("gopro", "GoPro"),
            known("dji", "DJI"),
            known("gstreamer[/ ]?(\\d+\\.\\d+)?", "GStreamer $1"),
            known("^lavf(\\d+\\.\\d+)", "FFmpeg (libavformat $1)"),
            known("^lavf", "FFmpeg"),
            // A greeting that says nothing of the program: OBS sends it, and FFmpeg, and most that copied them.
            known("^FMLE/3\\.0 \\(compatible; FMSc/1\\.0\\)$", ""),
            known("^FMLE/3\\.0 \\(compatible; Lavf(\\d+\\.\\d+)", "FFmpeg (libavformat $1)"),
            known("^FMLE/(\\d+)", "Flash Media Live Encoder $1"));

    private EncoderNames() {}

    private static Known known(String said, String name) {
        return new Known(Pattern.compile(said, Pattern.CASE_INSENSITIVE), name);
    }

    /** Empty when it says nothing that tells it from others. */
    public static String of(String said) {
        for (Known known : KNOWN) {
            Matcher matcher = known.said().matcher(said);
            if (matcher.find()) {
                String version = matcher.groupCount() == 0
                        ? ""
                        : Optional.ofNullable(matcher.group(1)).orElse("");
                return known.name().replace("$1", version).strip();
            }
        }
        return said.strip();
    }
}
