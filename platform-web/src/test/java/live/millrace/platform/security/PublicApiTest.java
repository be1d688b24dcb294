// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.net.URI;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;

/** The API describes itself, and is not to be asked without end. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class PublicApiTest {
    @Autowired
    private MockMvc site;

    @Test
    void anAddressThatIsWrittenOtherwiseCountsAsWell() throws Exception {
        site.perform(get(URI.create("/%61pi/v1/live")))
                .andExpect(status().isOk())
                .andExpect(header().exists("RateLimit-Remaining"));
    }

    @Test
    void theApiDescribesItselfAndCountsItsRequests() throws Exception {
        site.perform(get("/api/v1/openapi"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.paths['/api/v1/live']").exists())
                .andExpect(jsonPath("$.paths['/api/v1/channels/{name}/follow'].put")
                        .exists());
        site.perform(get("/api/v1/live"))
                .andExpect(header().exists("RateLimit-Remaining"))
                .andExpect(jsonPath("$.items").isArray());
        site.perform(get("/api/v1/live").param("limit", "many"))
                .andExpect(status().isBadRequest())
                .andExpect(content().contentTypeCompatibleWith("application/problem+json"));
        int last = 200;
        // Ten a second come back meanwhile: a slow machine has to ask for longer.
        for (int i = 0; i < 5_000 && last == 200; i++) {
            last = site.perform(get("/api/v1/categories").with(request -> {
                        request.setRemoteAddr("203.0.113.7");
                        return request;
                    }))
                    .andReturn()
                    .getResponse()
                    .getStatus();
        }
        assertThat(last).isEqualTo(429);
    }
}
