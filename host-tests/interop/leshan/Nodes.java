// Values of Leshan 2 as a test names them: path -> value, with numbers, booleans and texts as they are, bytes as
// {"hex":…}, times as {"time":seconds}, links as {"link":…}. From a test they come as `path=TYPE=value`, TYPE as in OMA's
// registry, several values of one target each as a word of its own.
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.eclipse.leshan.core.model.ResourceModel.Type;
import org.eclipse.leshan.core.node.LwM2mMultipleResource;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.LwM2mObject;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mResourceInstance;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.node.ObjectLink;
import org.eclipse.leshan.core.util.datatype.ULong;

final class Nodes {
    private Nodes() {
    }

    static Map<String, Object> flat(Map<LwM2mPath, ? extends LwM2mNode> nodes) {
        Map<String, Object> values = new LinkedHashMap<>();
        nodes.forEach((path, node) -> flatten(path.toString(), node, values));
        return values;
    }

    static Map<String, Object> flat(String path, LwM2mNode node) {
        Map<String, Object> values = new LinkedHashMap<>();
        flatten(path, node, values);
        return values;
    }

    private static void flatten(String path, LwM2mNode node, Map<String, Object> into) {
        if (node instanceof LwM2mObject)
            ((LwM2mObject) node).getInstances().forEach((id, one) -> flatten(path + "/" + id, one, into));
        else if (node instanceof LwM2mObjectInstance)
            ((LwM2mObjectInstance) node).getResources().forEach((id, one) -> flatten(path + "/" + id, one, into));
        else if (node instanceof LwM2mMultipleResource)
            ((LwM2mMultipleResource) node).getInstances().forEach((id, one) -> flatten(path + "/" + id, one, into));
        else if (node instanceof LwM2mResourceInstance)
            into.put(path, shown(((LwM2mResourceInstance) node).getValue()));
        else if (node instanceof LwM2mSingleResource)
            into.put(path, shown(((LwM2mSingleResource) node).getValue()));
        else
            into.put(path, node == null ? null : node.toString());
    }

    static Object shown(Object value) {
        if (value instanceof byte[])
            return Lines.object("hex", Lines.hex((byte[]) value));
        if (value instanceof Date)
            return Lines.object("time", ((Date) value).getTime() / 1000.0);
        if (value instanceof ObjectLink)
            return Lines.object("link", ((ObjectLink) value).encodeToString());
        // what does not fit a number of the test
        if (value instanceof Long && Math.abs((Long) value) > (1L << 53) || value instanceof ULong)
            return value.toString();
        return value;
    }

    /** The node of a target: what stands below its path, from words of the form `path=TYPE=value`. */
    static LwM2mNode node(String target, List<String> words) {
        LwM2mPath path = new LwM2mPath(target);
        Map<Integer, List<String[]>> resources = new TreeMap<>();
        for (String word : words) {
            String[] parts = word.split("=", 3);
            LwM2mPath of = new LwM2mPath(parts[0]);
            resources.computeIfAbsent(of.getResourceId(), id -> new ArrayList<>()).add(parts);
        }
        if (path.isResourceInstance()) {
            String[] only = resources.get(path.getResourceId()).get(0);
            return LwM2mResourceInstance.newInstance(path.getResourceInstanceId(), value(only), type(only));
        }
        List<LwM2mResource> made = new ArrayList<>();
        resources.forEach((id, parts) -> made.add(resource(id, parts)));
        return path.isResource() ? made.get(0) : instance(path, made);
    }

    private static LwM2mObjectInstance instance(LwM2mPath path, Collection<LwM2mResource> resources) {
        return path.isObjectInstance() ? new LwM2mObjectInstance(path.getObjectInstanceId(), resources)
                : new LwM2mObjectInstance(resources);
    }

    private static LwM2mResource resource(int id, List<String[]> values) {
        String[] first = values.get(0);
        if (!new LwM2mPath(first[0]).isResourceInstance())
            return LwM2mSingleResource.newResource(id, value(first), type(first));
        Map<Integer, Object> instances = new TreeMap<>();
        for (String[] parts : values)
            instances.put(new LwM2mPath(parts[0]).getResourceInstanceId(), value(parts));
        return LwM2mMultipleResource.newResource(id, instances, type(first));
    }

    private static Type type(String[] parts) {
        return Type.valueOf(parts[1]);
    }

    static Object value(String[] parts) {
        String text = parts[2];
        switch (type(parts)) {
        case INTEGER:
            return Long.valueOf(text);
        case UNSIGNED_INTEGER:
            return ULong.valueOf(text);
        case FLOAT:
            return Double.valueOf(text);
        case BOOLEAN:
            return Boolean.valueOf(text);
        case OPAQUE:
            return Lines.bytes(text);
        case TIME:
            return new Date(Long.parseLong(text) * 1000);
        case OBJLNK:
            return ObjectLink.decodeFromString(text);
        default:
            return text;
        }
    }
}
