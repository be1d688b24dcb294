// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bearer token of the API, kept as its hash: from the settings, or made once and left in a file of the data directory. */
final class ApiToken {
    private static final Logger LOG = LoggerFactory.getLogger(ApiToken.class);
    private static final int BYTES = 32;

    private final String hash;

    private ApiToken(String token) {
        this.hash = PublishRules.hash(token);
    }

    static ApiToken of(@Nullable String configured, Path dataDirectory) {
        if (configured != null) {
            return new ApiToken(configured);
        }
        Path file = dataDirectory.resolve("api-token");
        try {
            if (!Files.exists(file)) {
                byte[] random = new byte[BYTES];
                new SecureRandom().nextBytes(random);
                Files.createDirectories(dataDirectory);
                Path part = dataDirectory.resolve("api-token.part");
                Files.deleteIfExists(part);
                if (part.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.createFile(
                            part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                }
                Files.writeString(part, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
                Files.move(part, file);
                LOG.info("Made a token for the API; it stands in {}", file);
            }
            return new ApiToken(Files.readString(file).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("The API's token cannot be kept in " + file + ".", e);
        }
    }

    /** In constant time. */
    boolean is(String token) {
        return PublishRules.same(hash, PublishRules.hash(token));
    }
}
