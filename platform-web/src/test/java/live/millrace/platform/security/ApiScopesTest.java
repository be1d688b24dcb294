// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.request;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import live.millrace.platform.TestPeople;
import live.millrace.platform.account.AccessTokens;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.TokenScope;
import live.millrace.platform.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every route of the API names its scope, and a token gets to those of its scopes and no other. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class ApiScopesTest {
    /** Mapped by others than our controllers. */
    private static final Set<String> ELSEWHERE =
            Set.of("GET /api/v1/socket", "GET /api/v1/openapi", "GET /api/v1/openapi.yaml");

    @Autowired
    private TestPeople people;

    @Autowired
    private MockMvc site;

    @Autowired
    private AccessTokens tokens;

    @Autowired
    private RequestMappingHandlerMapping requestMappingHandlerMapping;

    @Test
    void everyRouteOfTheApiNamesItsScope() {
        Set<String> mapped = new TreeSet<>();
        requestMappingHandlerMapping
                .getHandlerMethods()
                .forEach((mapping, method) -> mapping.getMethodsCondition()
                        .getMethods()
                        .forEach(verb -> mapping.getPatternValues().stream()
                                .filter(path -> path.startsWith("/api/")
                                        && method.getBeanType().getPackageName().startsWith("live.millrace"))
                                .forEach(path -> mapped.add(verb + " " + path))));
        Set<String> named = new TreeSet<>(ApiScopes.ROUTES.keySet());
        named.removeAll(ELSEWHERE);
        named.addAll(ApiScopes.SITE_ONLY);
        assertThat(mapped).isEqualTo(named);
    }

    /** Whatever its owner is: the token of a site's owner that may read does nothing else. */
    @Test
    void aTokenGetsNowhereBeyondItsScopes() throws Exception {
        AccountPrincipal owner = people.account(Role.OWNER);
        for (TokenScope scope : TokenScope.values()) {
            String token = tokens.create(owner.accountId(), "one", EnumSet.of(scope), null)
                    .orElseThrow();
            for (Map.Entry<String, TokenScope> route : ApiScopes.ROUTES.entrySet()) {
                if (route.getValue() != scope) {
                    String[] parts = route.getKey().split(" ", 2);
                    site.perform(request(HttpMethod.valueOf(parts[0]), parts[1].replaceAll("\\{[a-z]+}", "1234"))
                                    .header("Authorization", "Bearer " + token)
                                    .contentType(MediaType.APPLICATION_JSON)
                                    .content("{}"))
                            .andExpect(status().isForbidden())
                            .andExpect(jsonPath("$.code").value("scope"))
                            .andExpect(jsonPath("$.detail")
                                    .value(containsString(route.getValue().word())));
                }
            }
        }
    }

    @Test
    void noTokenMakesKeysOrAsksForWhatIsNotNamed() throws Exception {
        AccountPrincipal owner = people.account(Role.OWNER);
        String token = tokens.create(owner.accountId(), "all", EnumSet.allOf(TokenScope.class), null)
                .orElseThrow();
        Set<String> refused = new TreeSet<>(ApiScopes.SITE_ONLY);
        refused.add("GET /api/v1/something-new");
        for (String route : refused) {
            String[] parts = route.split(" ", 2);
            String path = parts[1].replace("{channel}", owner.getUsername())
                    .replace("{run}", UUID.randomUUID().toString());
            site.perform(request(HttpMethod.valueOf(parts[0]), path)
                            .header("Authorization", "Bearer " + token)
                            .contentType(MediaType.APPLICATION_JSON)
                            .content("{\"name\":\"x\"}"))
                    .andExpect(status().isForbidden())
                    .andExpect(jsonPath("$.code").value("site-only"));
        }
        site.perform(request(HttpMethod.HEAD, "/api/v1/live").header("Authorization", "Bearer " + token))
                .andExpect(status().isOk());
    }

    @Test
    void theDescriptionSaysWhichScopeIsNeeded() throws Exception {
        site.perform(get("/api/v1/openapi"))
                .andExpect(jsonPath("$.components.securitySchemes.token.scheme").value("bearer"))
                .andExpect(jsonPath("$.paths['/api/v1/channels/{name}/follow'].put.security[0].token[0]")
                        .value("chat"))
                .andExpect(jsonPath("$.paths['/api/v1/channel/keys'].post.description")
                        .value(containsString("No token")));
    }
}
