-- What an agent said last of its own process, and when that arrived. Null of nodes that never said it.
ALTER TABLE "node" ADD COLUMN "health" JSONB;
ALTER TABLE "node" ADD COLUMN "health_at" TIMESTAMPTZ(6);
