CREATE TABLE "visits" (
    "id" BIGSERIAL NOT NULL,
    CONSTRAINT "visits_pkey" PRIMARY KEY ("id")
);
