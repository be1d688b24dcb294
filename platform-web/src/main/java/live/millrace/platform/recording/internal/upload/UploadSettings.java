// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.internal.upload;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Files that become videos, under {@code millrace.upload}.
 *
 * @param enabled people may upload; also {@code millrace.recording.enabled} has to be
 * @param maxSize the largest file that is taken
 */
@ConfigurationProperties("millrace.upload")
record UploadSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("20GB") DataSize maxSize) {}
