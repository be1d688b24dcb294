// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.util.Optional;
import java.util.Set;
import live.millrace.platform.account.AccessTokens;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.Role;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

/** Tokens at the page socket: who sends many that nobody has asks the database no more. */
class SocketTokensTest {
    private final AccessTokens tokens = mock();
    private final SocketTokens socket = new SocketTokens(tokens);

    private static MockHttpServletRequest request(String path, String address) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
        request.setRemoteAddr(address);
        return request;
    }

    @Test
    void aNetworkIsAskedAboutSoManyUnknownOnesAndGoodOnesGoOn() {
        AccessTokens.Bearer anna =
                new AccessTokens.Bearer(new AccountPrincipal(1, "anna", Role.USER, false, true, null), Set.of());
        when(tokens.identify(anyString())).thenReturn(Optional.empty());
        when(tokens.identify("good")).thenReturn(Optional.of(anna));
        MockHttpServletRequest here = request("/api/v1/socket", "203.0.113.7");
        assertThat(socket.bearer(here, "good")).isPresent();
        for (int i = 0; i < 200; i++) {
            assertThat(socket.bearer(here, "guess " + i)).isEmpty();
        }
        verify(tokens, times(31)).identify(anyString());
        assertThat(socket.bearer(here, "good")).isPresent();
        // Others are not kept out, and the rest of the API has its own bound.
        assertThat(socket.bearer(request("/api/v1/socket", "198.51.100.7"), "good"))
                .isPresent();
        assertThat(socket.bearer(request("/api/v1/live", "203.0.113.7"), "good"))
                .isPresent();
        // One that is good no more is asked about, and found so.
        when(tokens.identify("good")).thenReturn(Optional.empty());
        assertThat(socket.bearer(here, "good")).isEmpty();
        assertThat(socket.bearer(here, "good")).isEmpty();
        verify(tokens, times(35)).identify(anyString());
    }
}
