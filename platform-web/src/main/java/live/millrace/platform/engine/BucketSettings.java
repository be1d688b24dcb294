// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import live.millrace.media.bucket.BucketConfig;
import live.millrace.platform.shared.StartupException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Object storage for recordings, under {@code millrace.recording.bucket}. None is used unless endpoint, name and both keys are said.
 *
 * @param endpoint of the service, like {@code https://s3.eu-central-1.amazonaws.com}
 * @param region that requests are signed for
 * @param name of the bucket
 * @param prefix stands before the name of every object; empty, or ends with a slash
 * @param pathStyle the bucket is a part of the path, and not of the host
 * @param localHours how long what is in the bucket stays on the disk as well
 * @param cdnBase where anybody may fetch objects of public videos, like {@code https://cdn.example.org/recordings}
 */
public record BucketSettings(
        @Nullable String endpoint,
        @DefaultValue("us-east-1") String region,
        @Nullable String name,
        @DefaultValue("") String prefix,
        @Nullable String accessKey,
        @Nullable String secretKey,
        @DefaultValue("true") boolean pathStyle,
        @DefaultValue("24") int localHours,
        @Nullable String cdnBase) {
    private static final int MOST_LOCAL_HOURS = 24 * 365;

    /**
     * The bucket; empty when none is used.
     *
     * @throws StartupException when they are half filled, or cannot be; it never names a key
     */
    public Optional<BucketConfig> config() {
        List<String> missing = new ArrayList<>();
        String where = said("endpoint", endpoint, missing);
        String which = said("name", name, missing);
        String key = said("access-key", accessKey, missing);
        String secret = said("secret-key", secretKey, missing);
        if (missing.size() == 4 && mirror().isEmpty()) {
            return Optional.empty();
        }
        if (!missing.isEmpty()) {
            throw new StartupException(
                    "Object storage under millrace.recording.bucket is half set up: " + String.join(", ", missing)
                            + " missing.",
                    "Set endpoint, name, access-key and secret-key, or none of them; docs/operations.md describes them.");
        }
        if (localHours < 0 || localHours > MOST_LOCAL_HOURS) {
            throw cannotBe("local-hours is a number from 0 to " + MOST_LOCAL_HOURS, null);
        }
        try {
            return Optional.of(new BucketConfig(URI.create(where), region, which, prefix, key, secret, pathStyle));
        } catch (IllegalArgumentException e) {
            throw cannotBe(String.valueOf(e.getMessage()), e);
        }
    }

    private static String said(String setting, @Nullable String value, List<String> missing) {
        if (value == null || value.isBlank()) {
            missing.add(setting);
            return "";
        }
        return value.strip();
    }

    private static StartupException cannotBe(String why, @Nullable Exception cause) {
        String problem = "A setting under millrace.recording.bucket cannot be: " + why + ".";
        String action = "Correct it; README lists them.";
        return cause == null ? new StartupException(problem, action) : new StartupException(problem, action, cause);
    }

    /**
     * Where anybody may fetch objects of public videos, without a slash at its end.
     *
     * @throws StartupException when it is no such address
     */
    public Optional<String> mirror() {
        if (cdnBase == null || cdnBase.isBlank()) {
            return Optional.empty();
        }
        String base = cdnBase.strip().replaceAll("/+$", "");
        try {
            URI address = URI.create(base);
            boolean web = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
            if (web
                    && address.getHost() != null
                    && address.getRawUserInfo() == null
                    && address.getRawQuery() == null
                    && address.getRawFragment() == null) {
                return Optional.of(base);
            }
        } catch (IllegalArgumentException e) {
            throw cannotBe("cdn-base is no address like https://cdn.example.org/recordings", e);
        }
        throw cannotBe("cdn-base is no address like https://cdn.example.org/recordings", null);
    }

    /** How long what is in the bucket stays on the disk as well. */
    public Duration local() {
        return Duration.ofHours(localHours);
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return name == null ? "no bucket" : name + " at " + endpoint;
    }
}
