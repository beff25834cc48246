// A bootstrap server of Leshan 2 that does what a test asks. The first line of output says the ports.
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.leshan.core.SecurityMode;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.peer.LwM2mPeer;
import org.eclipse.leshan.core.request.BindingMode;
import org.eclipse.leshan.core.request.BootstrapDownlinkRequest;
import org.eclipse.leshan.core.request.BootstrapRequest;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.server.bootstrap.BootstrapConfig;
import org.eclipse.leshan.server.bootstrap.BootstrapFailureCause;
import org.eclipse.leshan.server.bootstrap.BootstrapSession;
import org.eclipse.leshan.server.bootstrap.BootstrapSessionAdapter;
import org.eclipse.leshan.server.bootstrap.InMemoryBootstrapConfigStore;
import org.eclipse.leshan.server.bootstrap.LeshanBootstrapServer;
import org.eclipse.leshan.server.bootstrap.LeshanBootstrapServerBuilder;
import org.eclipse.leshan.server.californium.bootstrap.endpoint.CaliforniumBootstrapServerEndpointsProvider;
import org.eclipse.leshan.server.californium.bootstrap.endpoint.coap.CoapBootstrapServerProtocolProvider;
import org.eclipse.leshan.server.californium.bootstrap.endpoint.coaps.CoapsBootstrapServerProtocolProvider;
import org.eclipse.leshan.server.security.BootstrapSecurityStoreAdapter;
import org.eclipse.leshan.server.security.InMemorySecurityStore;
import org.eclipse.leshan.server.security.SecurityInfo;

final class Bootstrap2 {
    private static final int CID_BYTES = 6;

    private final InMemorySecurityStore security = new InMemorySecurityStore();
    private final InMemoryBootstrapConfigStore configurations = new InMemoryBootstrapConfigStore();

    public static void main(String[] words) throws Exception {
        new Bootstrap2().run();
    }

    private void run() throws Exception {
        LeshanBootstrapServerBuilder builder = new LeshanBootstrapServerBuilder();
        builder.setSecurityStore(new BootstrapSecurityStoreAdapter(security));
        builder.setConfigStore(configurations);
        CaliforniumBootstrapServerEndpointsProvider.Builder endpoints = new CaliforniumBootstrapServerEndpointsProvider.Builder(
                new CoapBootstrapServerProtocolProvider(), new CoapsBootstrapServerProtocolProvider());
        Configuration settings = endpoints.createDefaultConfiguration();
        settings.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, CID_BYTES);
        endpoints.setConfiguration(settings);
        endpoints.addEndpoint(new InetSocketAddress("127.0.0.1", 0), Protocol.COAP);
        endpoints.addEndpoint(new InetSocketAddress("127.0.0.1", 0), Protocol.COAPS);
        builder.setEndpointsProviders(endpoints.build());
        LeshanBootstrapServer server = builder.build();
        server.addListener(new Sessions());
        server.start();
        Map<String, Object> ports = new LinkedHashMap<>();
        server.getEndpoints().forEach((one) -> ports.put(one.getProtocol().getName(), one.getURI().getPort()));
        Lines.event("started", "ports", ports);
        Lines.serve(this::handle);
    }

    private Object handle(String[] words) throws Exception {
        switch (words[0]) {
        case "psk":
            security.add(SecurityInfo.newPreSharedKeyInfo(words[1], words[2], Lines.bytes(words[3])));
            return null;
        case "configure":
            configurations.add(words[1], configuration(words));
            return null;
        default:
            throw new IllegalArgumentException(words[0]);
        }
    }

    /** Words: endpoint, content format, server's URI, identity and key (or nothing), lifetime, what is deleted. */
    private static BootstrapConfig configuration(String[] words) {
        BootstrapConfig made = new BootstrapConfig();
        made.contentFormat = ContentFormat.fromName(words[2]);
        made.autoIdForSecurityObject = true;
        made.toDelete = new ArrayList<>(Arrays.asList(words).subList(7, words.length));
        BootstrapConfig.ServerSecurity account = new BootstrapConfig.ServerSecurity();
        account.uri = words[3];
        account.serverId = 123;
        account.securityMode = words[4].isEmpty() ? SecurityMode.NO_SEC : SecurityMode.PSK;
        account.publicKeyOrId = words[4].getBytes(StandardCharsets.UTF_8);
        account.secretKey = Lines.bytes(words[5]);
        made.security.put(0, account);
        BootstrapConfig.ServerConfig server = new BootstrapConfig.ServerConfig();
        server.shortId = 123;
        server.lifetime = Integer.parseInt(words[6]);
        server.defaultMinPeriod = 1;
        server.binding = java.util.EnumSet.of(BindingMode.U);
        made.servers.put(0, server);
        BootstrapConfig.ACLConfig rights = new BootstrapConfig.ACLConfig();
        rights.objectId = 3;
        rights.objectInstanceId = 0;
        rights.acls = Map.of(123, 15L);
        rights.AccessControlOwner = 123;
        made.acls.put(0, rights);
        return made;
    }

    private static final class Sessions extends BootstrapSessionAdapter {
        private static void tell(String name, BootstrapSession session, String what) {
            Lines.event(name, "ep", session.getEndpoint(), "what", what);
        }

        @Override
        public void unAuthorized(BootstrapRequest request, LwM2mPeer device) {
            Lines.event("refused", "ep", request.getEndpointName());
        }

        @Override
        public void noConfig(BootstrapSession session) {
            tell("unknown", session, "");
        }

        @Override
        public void onResponseSuccess(BootstrapSession session,
                BootstrapDownlinkRequest<? extends LwM2mResponse> request, LwM2mResponse response) {
            tell("step", session, request.getClass().getSimpleName() + " " + response.getCode());
        }

        @Override
        public void onResponseError(BootstrapSession session,
                BootstrapDownlinkRequest<? extends LwM2mResponse> request, LwM2mResponse response) {
            tell("step", session, request + " " + response.getCode() + " " + response.getErrorMessage());
        }

        @Override
        public void onRequestFailure(BootstrapSession session,
                BootstrapDownlinkRequest<? extends LwM2mResponse> request, Throwable problem) {
            tell("step", session, request + " " + problem);
        }

        @Override
        public void end(BootstrapSession session) {
            tell("finished", session, "");
        }

        @Override
        public void failed(BootstrapSession session, BootstrapFailureCause cause) {
            tell("failed", session, cause.toString());
        }
    }
}
