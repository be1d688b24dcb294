// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the site keeps what it writes.
 *
 * @param dataDir the folder, from the working directory on; made when it is not there. Text, since Spring looks for a {@link Path} among
 *     a servlet's resources first, where there is nothing above the root
 */
@ConfigurationProperties("millrace")
public record DataDirectory(@DefaultValue("./data") String dataDir) {
    /** A folder below it. */
    public Path resolve(String name) {
        return Path.of(dataDir).toAbsolutePath().normalize().resolve(name);
    }
}
