// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.tls;

import io.netty.handler.ssl.SslContext;
import java.util.function.Supplier;

/**
 * A port where connections are encrypted.
 *
 * @param port 0 picks a free one
 * @param contexts asked for each connection, so that a renewed certificate is in force with the next
 */
public record TlsPort(int port, Supplier<SslContext> contexts) {}
