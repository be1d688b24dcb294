// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.ffmpeg;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The FFmpeg program, which makes small pictures of what is live and of what was kept.
 *
 * @param path the program; null to look for it on the path, empty to use none
 */
@ConfigurationProperties("millrace.ffmpeg")
public record FfmpegSettings(@Nullable String path) {}
