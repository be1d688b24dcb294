// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.context.servlet.AnnotationConfigServletWebApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockServletContext;

class DataDirectoryTest {
    @Configuration
    @EnableConfigurationProperties(DataDirectory.class)
    static class Settings {}

    /** As Tomcat answers: what is above its root is no path. */
    private static AnnotationConfigServletWebApplicationContext site() {
        AnnotationConfigServletWebApplicationContext site = new AnnotationConfigServletWebApplicationContext();
        site.setServletContext(new MockServletContext() {
            @Override
            public @Nullable URL getResource(String path) {
                throw new IllegalArgumentException(path);
            }
        });
        return site;
    }

    @Test
    void aFolderAboveTheWorkingDirectoryIsAFolder() {
        new WebApplicationContextRunner(DataDirectoryTest::site)
                .withUserConfiguration(Settings.class)
                .withPropertyValues("millrace.data-dir=../data-of-another")
                .run(site -> assertThat(site.getBean(DataDirectory.class).resolve("postgres"))
                        .isEqualTo(Path.of("").toAbsolutePath().resolveSibling("data-of-another/postgres")));
    }
}
