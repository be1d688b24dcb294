// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal.onvif;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What is sent to devices: SOAP 1.2. */
final class Envelopes {
    private static final String SOAP = "http://www.w3.org/2003/05/soap-envelope";
    private static final String WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-";

    private Envelopes() {}

    /**
     * Asks for all that send video (WS-Discovery 2005/04, 5.2; ONVIF Core 7.3.2).
     *
     * @param id a UUID, which answers repeat
     */
    static byte[] probe(String id) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <e:Envelope xmlns:e="%s" xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" \
                xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl">\
                <e:Header><w:MessageID>uuid:%s</w:MessageID>\
                <w:To e:mustUnderstand="true">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>\
                <w:Action e:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>\
                <e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>
                """.formatted(SOAP, id).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A request.
     *
     * @param token null for nobody's
     * @param body the element of the request, complete
     */
    static byte[] request(@Nullable UsernameToken token, String body) {
        return ("""
                <?xml version="1.0" encoding="UTF-8"?>
                <s:Envelope xmlns:s="%s">""".formatted(SOAP)
                        + (token == null ? "" : "<s:Header>" + security(token) + "</s:Header>")
                        + "<s:Body>" + body + "</s:Body></s:Envelope>")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String security(UsernameToken token) {
        return """
                <o:Security xmlns:o="%1$swssecurity-secext-1.0.xsd" xmlns:u="%1$swssecurity-utility-1.0.xsd">\
                <o:UsernameToken><o:Username>%2$s</o:Username>\
                <o:Password Type="%1$susername-token-profile-1.0#PasswordDigest">%3$s</o:Password>\
                <o:Nonce EncodingType="%1$ssoap-message-security-1.0#Base64Binary">%4$s</o:Nonce>\
                <u:Created>%5$s</u:Created></o:UsernameToken></o:Security>""".formatted(WSS, text(token.user()), token.digest(), token.nonce(), token.created());
    }

    /** What is said, as it stands in a document. */
    static String text(String said) {
        return said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
