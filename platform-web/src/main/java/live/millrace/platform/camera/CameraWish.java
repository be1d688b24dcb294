// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera;

/**
 * A camera as somebody typed it.
 *
 * @param address perhaps with user and password in it
 * @param user empty for the one in the address, or none
 * @param password empty for the one in the address, for the one that is kept, or none
 * @param always its stream is fetched without anybody who watches as well
 * @param udp media over UDP where both sides can
 */
public record CameraWish(String address, String user, String password, boolean always, boolean udp) {
    /** Secrets stand here, in the address as well. */
    @Override
    public String toString() {
        return "CameraWish[hidden]";
    }
}
