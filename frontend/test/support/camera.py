# A camera: RTSP on this machine with H.264 and G.711, behind a digest login. Prints its port, and a line for each who comes and goes.
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(sys.argv[1])
auth = GstRtspServer.RTSPAuth()
auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
token = GstRtspServer.RTSPToken()
token.set_string("media.factory.role", "watcher")
auth.add_digest("admin", "three herons", token)
server.set_auth(auth)
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(
    "( videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=25/1,format=I420"
    " ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 bitrate=800 ! video/x-h264,profile=baseline"
    " ! rtph264pay name=pay0 pt=96 config-interval=1"
    " audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8 )"
)
factory.set_shared(True)
permissions = GstRtspServer.RTSPPermissions()
permissions.add_permission_for_role("watcher", "media.factory.access", True)
permissions.add_permission_for_role("watcher", "media.factory.construct", True)
factory.set_permissions(permissions)
server.get_mount_points().add_factory("/stream1", factory)


def connected(_server, client):
    print("came", flush=True)
    client.connect("closed", lambda _client: print("left", flush=True))


server.connect("client-connected", connected)
server.attach(None)
print("port", server.get_bound_port(), flush=True)
GLib.MainLoop().run()
