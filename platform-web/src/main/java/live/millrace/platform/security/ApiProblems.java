// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/** What a filter answers to programs: problem details (RFC 9457), like every other error of the API. */
public final class ApiProblems {
    private ApiProblems() {}

    public static void write(HttpServletResponse response, JsonMapper json, HttpStatus status, String detail)
            throws IOException {
        write(response, json, status, null, detail);
    }

    /** With a word for programs that tells it from others of its status. */
    public static void write(
            HttpServletResponse response, JsonMapper json, HttpStatus status, @Nullable String code, String detail)
            throws IOException {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("title", status.getReasonPhrase());
        problem.put("status", status.value());
        problem.put("detail", detail);
        if (code != null) {
            problem.put("code", code);
        }
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.getWriter().write(json.writeValueAsString(problem));
    }
}
