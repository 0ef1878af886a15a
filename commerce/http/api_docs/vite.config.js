import { defineConfig } from "vite";

// A NODE_ENV of the machine must not turn the bundle into React's development build.
process.env.NODE_ENV = "production";

export default defineConfig({
  base: "/api/docs/",
  build: {
    // All but index.html carries a content hash and lies in one folder, so that the server may call it immutable.
    outDir: "static",
    assetsDir: "static",
    emptyOutDir: true,
    // The viewer is larger than the default limit; the page is for developers, and cached for good.
    chunkSizeWarningLimit: 5000,
    target: "es2022",
  },
  logLevel: "warn",
});
