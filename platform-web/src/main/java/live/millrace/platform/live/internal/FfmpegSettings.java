// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.live.internal;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The FFmpeg program, which makes pictures of running streams.
 *
 * @param path the program; null to look for it on the path, empty to use none
 */
@ConfigurationProperties("millrace.ffmpeg")
record FfmpegSettings(@Nullable String path) {}
