// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteKeyTest {
    private static final byte[] PLAIN = {1, 2, 3};

    @TempDir
    Path folder;

    private SiteKey key(String name) {
        return new SiteKey(new DataDirectory(folder.resolve(name).toString()));
    }

    @Test
    void whatWasSealedIsOpenedByTheSameSiteForTheSamePurpose() {
        byte[] sealed = key("a").seal("one", PLAIN);
        assertThat(key("a").open("one", sealed)).contains(PLAIN);
        assertThat(key("a").open("other", sealed)).isEmpty();
        assertThat(key("b").open("one", sealed)).isEmpty();
        sealed[sealed.length - 1] ^= 1;
        assertThat(key("a").open("one", sealed)).isEmpty();
        assertThat(key("a").open("one", new byte[5])).isEmpty();
        assertThat(key("a").seal("one", PLAIN)).isNotEqualTo(key("a").seal("one", PLAIN));
    }

    @Test
    void signaturesDifferByPurposeAndSite() {
        assertThat(key("a").sign("one", PLAIN))
                .isEqualTo(key("a").sign("one", PLAIN))
                .isNotEqualTo(key("a").sign("other", PLAIN))
                .isNotEqualTo(key("b").sign("one", PLAIN));
    }

    @Test
    void nobodyElseOfTheMachineReadsTheKey() throws IOException {
        key("a").sign("one", PLAIN);
        Path file = folder.resolve("a").resolve(SiteKey.FILE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }
}
