// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static live.millrace.platform.JustLoggedIn.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.multipart;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.request;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Registration;
import live.millrace.platform.account.Role;
import live.millrace.platform.database.TestDatabase;
import live.millrace.platform.shared.WellFormed;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** What is no text is refused in words, wherever the site takes text. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = TestDatabase.class)
class MalformedTextTest {
    private static final List<String> NO_TEXT = List.of("a\0b", "\0", "a\ud800b", "\udc00");
    private static final List<String> NO_TEXT_ESCAPED = List.of("a\\u0000b", "\\ud800", "\\udc00\\ud800");

    @LocalServerPort
    private int port;

    @Autowired
    private MockMvc site;

    @Autowired
    private Accounts accounts;

    @Autowired
    private TestPeople people;

    @Autowired
    private RequestMappingHandlerMapping requestMappingHandlerMapping;

    private record Endpoint(HttpMethod verb, String path, HandlerMethod method) {}

    private AccountPrincipal owner() {
        String name = "m" + ThreadLocalRandom.current().nextLong(1_000_000_000_000L, 9_000_000_000_000L);
        return ((Registration.Done) accounts.register(name, name + "@example.org", "three quiet herons", Role.OWNER))
                .principal();
    }

    private List<Endpoint> endpoints() {
        List<Endpoint> endpoints = new ArrayList<>();
        requestMappingHandlerMapping.getHandlerMethods().forEach((mapping, method) -> {
            if (method.getBeanType().getName().startsWith("live.millrace")) {
                mapping.getMethodsCondition()
                        .getMethods()
                        .forEach(verb -> mapping.getPatternValues()
                                .forEach(path -> endpoints.add(new Endpoint(
                                        verb.asHttpMethod(),
                                        path.replaceAll("\\{\\w+(:(?:[^{}]|\\{[^}]*})*)?}", "aaa"),
                                        method))));
            }
        });
        assertThat(endpoints).hasSizeGreaterThan(80);
        return endpoints;
    }

    private int answer(MockHttpServletRequestBuilder request, AccountPrincipal owner) throws Exception {
        return site.perform(request.with(user(owner)).with(csrf()))
                .andReturn()
                .getResponse()
                .getStatus();
    }

    @Test
    void noFieldOfAnyEndpointTakesWhatIsNoText() throws Exception {
        AccountPrincipal owner = owner();
        Map<String, Integer> wrong = new TreeMap<>();
        for (Endpoint endpoint : endpoints()) {
            List<String> fields = new ArrayList<>(List.of("unasked"));
            for (MethodParameter parameter : endpoint.method().getMethodParameters()) {
                RequestParam asked = parameter.getParameterAnnotation(RequestParam.class);
                if (asked != null && parameter.getParameterType() == String.class) {
                    fields.add(asked.name().isEmpty() ? parameter.getParameter().getName() : asked.name());
                }
            }
            for (String field : fields) {
                for (String text : NO_TEXT) {
                    int status =
                            answer(request(endpoint.verb(), endpoint.path()).param(field, text), owner);
                    if (status != 400) {
                        wrong.put(endpoint.verb() + " " + endpoint.path() + " " + field, status);
                    }
                }
            }
            int status = answer(request(endpoint.verb(), endpoint.path()).param("na\0me", "a"), owner);
            if (status != 400) {
                wrong.put(endpoint.verb() + " " + endpoint.path() + " by its name", status);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void noTextOfAnyBodyIsTakenThatIsNone() throws Exception {
        AccountPrincipal owner = owner();
        Map<String, Integer> wrong = new TreeMap<>();
        int asked = 0;
        for (Endpoint endpoint : endpoints()) {
            for (MethodParameter parameter : endpoint.method().getMethodParameters()) {
                if (!parameter.hasParameterAnnotation(RequestBody.class)) {
                    continue;
                }
                assertThat(parameter.getParameterType().isRecord()).isTrue();
                for (RecordComponent field : parameter.getParameterType().getRecordComponents()) {
                    for (String text : field.getType() == String.class ? NO_TEXT_ESCAPED : List.<String>of()) {
                        asked++;
                        // Whose channel it is, is asked before what is to become of it.
                        String path = endpoint.path().replace("/channels/aaa", "/channels/" + owner.getUsername());
                        int status = answer(
                                request(endpoint.verb(), path)
                                        .contentType(MediaType.APPLICATION_JSON)
                                        .content("{\"" + named(field) + "\": \"" + text + "\"}"),
                                owner);
                        if (status != 400) {
                            wrong.put(endpoint.verb() + " " + endpoint.path() + " " + field.getName(), status);
                        }
                    }
                }
            }
        }
        assertThat(asked).isPositive();
        assertThat(wrong).isEmpty();
    }

    /** As programs call it. */
    private static String named(RecordComponent field) {
        JsonProperty name = field.getAccessor().getAnnotation(JsonProperty.class);
        return name == null ? field.getName() : name.value();
    }

    @ParameterizedTest
    @CsvSource({"'a\0.png', picture", "a.png, 'pict\0ure'", "'a\ud800.png', picture"})
    void noNameOfAFileIsTakenThatIsNone(String file, String field) throws Exception {
        site.perform(multipart("/settings/pictures/avatar")
                        .file(new MockMultipartFile(field, file, "image/png", new byte[] {1}))
                        .part(new org.springframework.mock.web.MockPart(field, file, new byte[] {1}))
                        .with(user(owner()))
                        .with(csrf()))
                .andExpect(status().isBadRequest());
    }

    // ---- as it comes over the wire --------------------------------------------------------------------------------

    private String ask(String head, String body) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.ISO_8859_1);
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((head + "\r\nHost: localhost\r\nConnection: close\r\n"
                                    + (content.length > 0 ? "Content-Length: " + content.length + "\r\n" : "") + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(content);
            socket.getOutputStream().flush();
            InputStream answer = socket.getInputStream();
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A zero byte, bytes that begin no character, half of one, a longer form than needed, a half of a pair. */
    @ParameterizedTest
    @ValueSource(strings = {"%00", "a%00b", "%ff", "%e4%bd", "%c0%80", "%ed%a0%80", "%f5%80%80%80"})
    void anAddressThatIsNoTextIsRefusedInWords(String bytes) throws Exception {
        for (String path : List.of("/api/v1/search/suggestions?q=", "/api/v1/live?", "/api/v1/live?x" + bytes + "=")) {
            assertThat(ask("GET " + path + bytes + " HTTP/1.1", ""))
                    .as(path + bytes)
                    .startsWith("HTTP/1.1 400")
                    .contains("application/problem+json")
                    .contains("characters that no text holds");
        }
        for (String path : List.of("/search?q=", "/?lang=", "/login?continue=")) {
            assertThat(ask("GET " + path + bytes + " HTTP/1.1\r\nAccept: text/html", ""))
                    .as(path + bytes)
                    .startsWith("HTTP/1.1 400")
                    .contains("This request can’t be read");
        }
        for (String path : List.of("/api/v1/channels/", "/tags/", "/categories/", "/pictures/", "/verify/", "/")) {
            assertThat(ask("GET " + path + bytes + " HTTP/1.1\r\nAccept: text/html", ""))
                    .as(path + bytes)
                    .startsWith("HTTP/1.1 400");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"username=a%00b", "username=%ff", "username=%c0%80", "us%00er=a", "username=%ed%a0%80"})
    void aFormThatIsNoTextIsRefusedInWords(String form) throws Exception {
        for (String path : List.of("/login", "/signup", "/forgot")) {
            assertThat(ask(
                            "POST " + path + " HTTP/1.1\r\nAccept: text/html\r\n"
                                    + "Content-Type: application/x-www-form-urlencoded",
                            form))
                    .as(path + " " + form)
                    .startsWith("HTTP/1.1 400")
                    .contains("This request can’t be read");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"join\",\"topics\":[\"channel:a\\u0000\"]}",
                "{\"type\":\"join\",\"topics\":[\"chat:\\ud800\"]}",
                "{\"type\":\"say\",\"topic\":\"chat:a\",\"text\":\"\\udc00\"}"
            })
    void aPageThatSaysWhatIsNoTextIsCutOffAsMalformed(String said) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            OpenedPage page = new OpenedPage(client, port, null);
            page.send(said);
            OpenedPage.until(() -> page.closed);
            // RFC 6455 §7.4.1: data inconsistent with the type of the message.
            assertThat(page.closedWith).isEqualTo(1007);
            page.socket.abort();
        }
    }

    /** What is cut to its length is cut between two characters. */
    @Test
    void aLongTextIsNotCutInTheMiddleOfACharacter() throws Exception {
        AccountPrincipal owner = owner();
        String channel = String.valueOf(people.channel(people.user()).id());
        for (int most = 70; most < 1_030; most++) {
            String cut = WellFormed.cut("a".repeat(most - 1) + "\ud83d\ude42", most);
            assertThat(WellFormed.text(cut)).isTrue();
            assertThat(cut).hasSize(most - 1);
        }
        for (int length : List.of(79, 199, 299, 499, 999)) {
            String text = "a".repeat(length) + "\ud83d\ude42";
            site.perform(request(HttpMethod.GET, "/search").param("q", text)).andExpect(status().isOk());
            site.perform(request(HttpMethod.POST, "/admin/invites")
                            .param("label", text)
                            .with(user(owner))
                            .with(csrf()))
                    .andExpect(status().is(Matchers.lessThan(500)));
            site.perform(request(HttpMethod.POST, "/admin/channels")
                            .param("id", channel)
                            .param("hide", "true")
                            .param("reason", text)
                            .with(user(owner))
                            .with(csrf()))
                    .andExpect(status().is3xxRedirection());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cookie: SESSION=YQBi",
                "Cookie: SESSION=/w==",
                "Cookie: lang=\u00ff; theme=\u00ff",
                "Accept-Language: \u00ff\u00c0\u0080",
                "Authorization: Bearer \u00ff\u00c0\u0080",
                "User-Agent: \u00ff\u0080",
                "Accept: \u00ff\u0080",
                "Referer: \u00ff",
                "X-Forwarded-For: \u00ff",
                "Range: \u00ff"
            })
    void noHeaderIsOurFault(String header) throws Exception {
        for (String path : List.of("/api/v1/live", "/", "/login", "/settings", "/api/v1/notices")) {
            String answer = ask("GET " + path + " HTTP/1.1\r\n" + header, "");
            assertThat(Arrays.asList(200, 302, 400, 401, 406))
                    .as(path + " " + answer)
                    .contains(Integer.parseInt(answer.substring(9, 12)));
        }
    }
}
