// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.bucket;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a bucket is, and who may use it.
 *
 * @param endpoint of the service, like {@code https://s3.eu-central-1.amazonaws.com}; a path before the bucket's name is kept
 * @param region that requests are signed for; services that have none take any, often {@code us-east-1}
 * @param bucket its name
 * @param prefix stands before every object's name; empty, or ends with a slash
 * @param pathStyle the bucket is a part of the path, and not of the host
 */
public record BucketConfig(
        URI endpoint,
        String region,
        String bucket,
        String prefix,
        String accessKey,
        String secretKey,
        boolean pathStyle) {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9_-][A-Za-z0-9._-]*/)*");

    public BucketConfig {
        String scheme = endpoint.getScheme() == null ? "" : endpoint.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("https") || scheme.equals("http"))
                || endpoint.getHost() == null
                || endpoint.getRawUserInfo() != null
                || endpoint.getRawQuery() != null) {
            throw new IllegalArgumentException("an endpoint is an address like https://s3.example.org");
        }
        if (!BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException(
                    "a bucket has a name of 3 to 63 lower-case letters, digits, dots and hyphens");
        }
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("a prefix is empty or like recordings/");
        }
        if (region.isBlank() || accessKey.isBlank() || secretKey.isBlank()) {
            throw new IllegalArgumentException("a bucket needs a region, an access key and a secret key");
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return bucket + " at " + endpoint;
    }
}
