-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "incident" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "node_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "report" JSONB NOT NULL,
    "policy" JSONB NOT NULL,
    "opened_at" TIMESTAMPTZ(6) NOT NULL,
    "first_packet_at" TIMESTAMPTZ(6) NOT NULL,
    "detected_at" TIMESTAMPTZ(6) NOT NULL,
    "rule_in_kernel_at" TIMESTAMPTZ(6),
    "stored_at" TIMESTAMPTZ(6) NOT NULL,
    "evidence_secured_at" TIMESTAMPTZ(6),
    "first_alert_at" TIMESTAMPTZ(6),
    "mitigated_at" TIMESTAMPTZ(6),
    "ending_at" TIMESTAMPTZ(6),
    "resolved_at" TIMESTAMPTZ(6),
    "updated_at" TIMESTAMPTZ(6) NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(6),
    "acknowledged_by" TEXT,

    CONSTRAINT "incident_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateTable
CREATE TABLE "incident_timeline" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "revision" INTEGER,

    CONSTRAINT "incident_timeline_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateTable
CREATE TABLE "surge" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "node_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "ended_at" TIMESTAMPTZ(6),
    "peak_pps" DOUBLE PRECISION NOT NULL,
    "peak_bps" DOUBLE PRECISION NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "reasons" JSONB NOT NULL,

    CONSTRAINT "surge_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateTable
CREATE TABLE "mitigation" (
    "workspace_id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "rule_id" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "vector_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "nft" TEXT NOT NULL,
    "packets" BIGINT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "installed_at" TIMESTAMPTZ(6) NOT NULL,
    "removed_at" TIMESTAMPTZ(6),

    CONSTRAINT "mitigation_pkey" PRIMARY KEY ("workspace_id","incident_id","rule_id")
);

-- CreateTable
CREATE TABLE "evidence" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "node_id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'on_node',
    "manifest" JSONB NOT NULL,
    "stored_path" TEXT,
    "registered_at" TIMESTAMPTZ(6) NOT NULL,
    "uploaded_at" TIMESTAMPTZ(6),

    CONSTRAINT "evidence_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateTable
CREATE TABLE "evidence_custody" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "evidence_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "detail" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "evidence_custody_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateTable
CREATE TABLE "node" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hostname" TEXT,
    "agent_version" TEXT,
    "kernel" TEXT,
    "level" TEXT,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "service_ports" JSONB NOT NULL DEFAULT '[]',
    "addresses" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "enrolled_at" TIMESTAMPTZ(6),
    "last_seen_at" TIMESTAMPTZ(6),
    "archived_at" TIMESTAMPTZ(6),

    CONSTRAINT "node_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateTable
CREATE TABLE "enrolment_token" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "node_name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "used_at" TIMESTAMPTZ(6),
    "node_id" UUID,

    CONSTRAINT "enrolment_token_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateTable
CREATE TABLE "node_credential" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "node_id" UUID NOT NULL,
    "public_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "node_credential_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateTable
CREATE TABLE "node_cursor" (
    "workspace_id" UUID NOT NULL,
    "node_id" UUID NOT NULL,
    "lane" TEXT NOT NULL,
    "last_seq" BIGINT NOT NULL DEFAULT 0,
    "last_hash" TEXT,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "node_cursor_pkey" PRIMARY KEY ("workspace_id","node_id","lane")
);

-- CreateTable
CREATE TABLE "node_nonce" (
    "workspace_id" UUID NOT NULL,
    "node_id" UUID NOT NULL,
    "nonce" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "node_nonce_pkey" PRIMARY KEY ("workspace_id","node_id","nonce")
);

-- CreateTable
CREATE TABLE "destination" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "kinds" TEXT[] DEFAULT ARRAY['opened', 'updated', 'resolved']::TEXT[],
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "destination_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateTable
CREATE TABLE "outgoing_message" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "destination_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "dedup_key" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(6) NOT NULL,
    "locked_by" TEXT,
    "locked_until" TIMESTAMPTZ(6),
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "sent_at" TIMESTAMPTZ(6),
    "maybe_repeat" BOOLEAN NOT NULL DEFAULT false,
    "position" BIGSERIAL NOT NULL,

    CONSTRAINT "outgoing_message_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "started_at" TIMESTAMPTZ(6),
    "http_status" INTEGER,
    "latency_ms" DOUBLE PRECISION,
    "error" TEXT,
    "response_excerpt" TEXT,

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateTable
CREATE TABLE "status_page" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "published" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "status_page_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateTable
CREATE TABLE "component" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "status_page_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,

    CONSTRAINT "component_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateTable
CREATE TABLE "component_node" (
    "workspace_id" UUID NOT NULL,
    "component_id" UUID NOT NULL,
    "node_id" UUID NOT NULL,

    CONSTRAINT "component_node_pkey" PRIMARY KEY ("workspace_id","component_id","node_id")
);

-- CreateTable
CREATE TABLE "workspace" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workspace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_account" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "host" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(6) NOT NULL,
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateIndex
CREATE INDEX "incident_workspace_id_opened_at_idx" ON "incident"("workspace_id", "opened_at" DESC);

-- CreateIndex
CREATE INDEX "incident_workspace_id_node_id_opened_at_idx" ON "incident"("workspace_id", "node_id", "opened_at" DESC);

-- CreateIndex
CREATE INDEX "incident_timeline_workspace_id_incident_id_at_idx" ON "incident_timeline"("workspace_id", "incident_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "incident_timeline_workspace_id_incident_id_revision_key" ON "incident_timeline"("workspace_id", "incident_id", "revision");

-- CreateIndex
CREATE INDEX "surge_workspace_id_node_id_at_idx" ON "surge"("workspace_id", "node_id", "at" DESC);

-- CreateIndex
CREATE INDEX "evidence_workspace_id_sha256_idx" ON "evidence"("workspace_id", "sha256");

-- CreateIndex
CREATE UNIQUE INDEX "evidence_workspace_id_incident_id_sha256_key" ON "evidence"("workspace_id", "incident_id", "sha256");

-- CreateIndex
CREATE INDEX "evidence_custody_workspace_id_evidence_id_at_idx" ON "evidence_custody"("workspace_id", "evidence_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "node_id_key" ON "node"("id");

-- CreateIndex
CREATE UNIQUE INDEX "node_workspace_id_name_key" ON "node"("workspace_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "enrolment_token_token_hash_key" ON "enrolment_token"("token_hash");

-- CreateIndex
CREATE UNIQUE INDEX "node_credential_node_id_public_key_key" ON "node_credential"("node_id", "public_key");

-- CreateIndex
CREATE INDEX "node_nonce_expires_at_idx" ON "node_nonce"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "destination_workspace_id_name_key" ON "destination"("workspace_id", "name");

-- CreateIndex
CREATE INDEX "outgoing_message_workspace_id_incident_id_idx" ON "outgoing_message"("workspace_id", "incident_id");

-- CreateIndex
CREATE INDEX "outgoing_message_workspace_id_destination_id_incident_id_po_idx" ON "outgoing_message"("workspace_id", "destination_id", "incident_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "outgoing_message_workspace_id_destination_id_dedup_key_key" ON "outgoing_message"("workspace_id", "destination_id", "dedup_key");

-- CreateIndex
CREATE INDEX "delivery_workspace_id_message_id_attempt_idx" ON "delivery"("workspace_id", "message_id", "attempt");

-- CreateIndex
CREATE UNIQUE INDEX "status_page_slug_key" ON "status_page"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "component_workspace_id_status_page_id_name_key" ON "component"("workspace_id", "status_page_id", "name");

-- CreateIndex
CREATE INDEX "component_node_workspace_id_node_id_idx" ON "component_node"("workspace_id", "node_id");

-- CreateIndex
CREATE UNIQUE INDEX "workspace_slug_key" ON "workspace"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "user_account_email_key" ON "user_account"("email");

-- CreateIndex
CREATE INDEX "member_user_id_idx" ON "member"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "member_workspace_id_user_id_key" ON "member"("workspace_id", "user_id");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE INDEX "audit_entry_workspace_id_at_idx" ON "audit_entry"("workspace_id", "at" DESC);

-- CreateIndex
CREATE INDEX "audit_entry_workspace_id_subject_kind_subject_id_idx" ON "audit_entry"("workspace_id", "subject_kind", "subject_id");

-- AddForeignKey
ALTER TABLE "incident" ADD CONSTRAINT "incident_workspace_id_node_id_fkey" FOREIGN KEY ("workspace_id", "node_id") REFERENCES "node"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_timeline" ADD CONSTRAINT "incident_timeline_workspace_id_incident_id_fkey" FOREIGN KEY ("workspace_id", "incident_id") REFERENCES "incident"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "surge" ADD CONSTRAINT "surge_workspace_id_node_id_fkey" FOREIGN KEY ("workspace_id", "node_id") REFERENCES "node"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mitigation" ADD CONSTRAINT "mitigation_workspace_id_incident_id_fkey" FOREIGN KEY ("workspace_id", "incident_id") REFERENCES "incident"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_workspace_id_incident_id_fkey" FOREIGN KEY ("workspace_id", "incident_id") REFERENCES "incident"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evidence_custody" ADD CONSTRAINT "evidence_custody_workspace_id_evidence_id_fkey" FOREIGN KEY ("workspace_id", "evidence_id") REFERENCES "evidence"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "node" ADD CONSTRAINT "node_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enrolment_token" ADD CONSTRAINT "enrolment_token_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enrolment_token" ADD CONSTRAINT "enrolment_token_workspace_id_node_id_fkey" FOREIGN KEY ("workspace_id", "node_id") REFERENCES "node"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "node_credential" ADD CONSTRAINT "node_credential_workspace_id_node_id_fkey" FOREIGN KEY ("workspace_id", "node_id") REFERENCES "node"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "node_cursor" ADD CONSTRAINT "node_cursor_workspace_id_node_id_fkey" FOREIGN KEY ("workspace_id", "node_id") REFERENCES "node"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "node_nonce" ADD CONSTRAINT "node_nonce_workspace_id_node_id_fkey" FOREIGN KEY ("workspace_id", "node_id") REFERENCES "node"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "destination" ADD CONSTRAINT "destination_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outgoing_message" ADD CONSTRAINT "outgoing_message_workspace_id_incident_id_fkey" FOREIGN KEY ("workspace_id", "incident_id") REFERENCES "incident"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outgoing_message" ADD CONSTRAINT "outgoing_message_workspace_id_destination_id_fkey" FOREIGN KEY ("workspace_id", "destination_id") REFERENCES "destination"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_workspace_id_message_id_fkey" FOREIGN KEY ("workspace_id", "message_id") REFERENCES "outgoing_message"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "status_page" ADD CONSTRAINT "status_page_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "component" ADD CONSTRAINT "component_workspace_id_status_page_id_fkey" FOREIGN KEY ("workspace_id", "status_page_id") REFERENCES "status_page"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "component_node" ADD CONSTRAINT "component_node_workspace_id_component_id_fkey" FOREIGN KEY ("workspace_id", "component_id") REFERENCES "component"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "component_node" ADD CONSTRAINT "component_node_workspace_id_node_id_fkey" FOREIGN KEY ("workspace_id", "node_id") REFERENCES "node"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;


