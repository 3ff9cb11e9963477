import "./style/fonts.css";
import "./style/tokens.css";
import "./style/base.css";
import "./ui/state-badge.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/query-client.ts";
import { followEvents } from "./live/live-events.ts";
import { router } from "./router.tsx";

followEvents(queryClient);
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
