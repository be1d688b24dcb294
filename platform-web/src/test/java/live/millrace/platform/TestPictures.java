// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.multipart;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.test.web.servlet.request.MockMultipartHttpServletRequestBuilder;

/** Pictures that people upload, under a name and a type that are not to be believed. */
public final class TestPictures {
    private TestPictures() {}

    public static byte[] png(int width, int height) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", out);
        return out.toByteArray();
    }

    public static MockMultipartHttpServletRequestBuilder upload(String path, byte[] bytes) {
        return multipart(path).file(new MockMultipartFile("file", "../../evil.html", "text/html", bytes));
    }
}
